#include "program.h"

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

namespace handsel::test {
namespace {

namespace fs = std::filesystem;

constexpr auto kStartMax = std::chrono::seconds(60);

pid_t start(const std::vector<std::string>& args, const std::string& out_path, const std::string& err_path) {
  std::vector<char*> argv;
  static const std::string kProgram = HANDSEL_PROGRAM;
  argv.push_back(const_cast<char*>(kProgram.c_str()));
  for (const std::string& arg : args) argv.push_back(const_cast<char*>(arg.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::dup2(::open(out_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), STDOUT_FILENO);
  ::dup2(::open(err_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), STDERR_FILENO);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

int wait_for(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Folder::Folder(const std::string& name)
    : root_(fs::temp_directory_path() / fmt::format("handsel-{}-{}", name, ::getpid())) {
  fs::remove_all(root_);
  fs::create_directories(root_);
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

void Folder::write(const std::string& name, const std::string& text) const {
  std::ofstream(root_ / name) << text;
}

std::string http_get(const std::string& address, const std::string& target) {
  const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in name{
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  const std::string request = fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", target);
  std::string answer;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0 &&
      ::write(fd, request.data(), request.size()) == static_cast<ssize_t>(request.size())) {
    std::array<char, 4'096> buffer{};
    for (ssize_t got = 0; (got = ::read(fd, buffer.data(), buffer.size())) > 0;) {
      answer.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
  ::close(fd);
  const std::size_t body = answer.find("\r\n\r\n");
  return body == std::string::npos ? "" : answer.substr(body + 4);
}

bool soon(const std::function<bool()>& happened) {
  const auto deadline = std::chrono::steady_clock::now() + kStartMax;
  while (!happened()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

Outcome run(const std::vector<std::string>& args) {
  const Folder folder("run");
  const pid_t pid = start(args, folder.path("out"), folder.path("err"));
  Outcome outcome;
  outcome.code = wait_for(pid);
  outcome.out = read_file(folder.path("out"));
  outcome.err = read_file(folder.path("err"));
  return outcome;
}

Running::Running(const std::vector<std::string>& args, const Folder& folder)
    : out_path_(folder.path("running.out")),
      err_path_(folder.path("running.err")),
      pid_(start(args, out_path_, err_path_)) {}

Running::~Running() {
  if (pid_ > 0) static_cast<void>(stop(SIGKILL));
}

std::string Running::first_line() {
  const auto deadline = std::chrono::steady_clock::now() + kStartMax;
  while (std::chrono::steady_clock::now() < deadline) {
    const std::string out = read_file(out_path_);
    if (const auto end = out.find('\n'); end != std::string::npos) return out.substr(0, end);
    if (::kill(pid_, 0) != 0 || ::waitpid(pid_, nullptr, WNOHANG) == pid_) return "";
    std::this_thread::yield();
  }
  return "";
}

Outcome Running::stop(int signal) {
  ::kill(pid_, signal);
  return wait();
}

Outcome Running::wait() {
  Outcome outcome;
  outcome.code = wait_for(pid_);
  pid_ = -1;
  outcome.out = read_file(out_path_);
  outcome.err = read_file(err_path_);
  return outcome;
}

}  // namespace handsel::test
