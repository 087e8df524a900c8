// kill -9 at random moments of a mixed load, then: is every acknowledged write there,
// and nothing that was never written?
//
//   handsel_tests_crash [--rounds 200] [--seed 1] [--kill-within-ms 600]
//
// Each round runs this same program again as a child that works on the folder of the
// round before and tells on its standard output what it begins and what was
// acknowledged; the parent kills it (while it opens the folder, writes, commits,
// compacts or backs up), opens the folder itself and judges. The moments follow the seed,
// as far as the scheduler lets them.
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "load.h"

namespace {

using namespace handsel;
using namespace handsel::test;

namespace fs = std::filesystem;

constexpr std::uint64_t kWriters = 3;
constexpr std::size_t kPipeAtomicBytes = 4096;  // PIPE_BUF on Linux: such a write arrives whole or not at all

struct Arguments {
  std::string child_folder;  // empty: the parent
  std::uint64_t rounds = 200;
  std::uint64_t seed = 1;
  std::uint64_t kill_within_ms = 600;
};

EngineOptions engine_options(const std::string& folder) {
  // Often enough that a kill meets them.
  return {.folder = folder, .threads = 1, .refresh_every_ms = 10, .commit_every_ms = 150};
}

// --- the child ---

void tell(char what, const std::vector<Operation>& operations) {
  static std::mutex mutex;
  std::string lines;
  for (const Operation& operation : operations) {
    lines += fmt::format("{} {}\n", what, to_text(operation));
    if (lines.size() > kPipeAtomicBytes - 200 || &operation == &operations.back()) {
      const std::lock_guard lock(mutex);
      if (::write(STDOUT_FILENO, lines.data(), lines.size()) < 0) std::_Exit(3);
      lines.clear();
    }
  }
}

[[noreturn]] void write_for_ever(Engine& engine, std::uint64_t writer, Rng rng) {
  std::uint64_t next_number = rng();
  next_number >>= 24;  // rounds do not repeat each other's numbers
  for (;;) {
    const auto operations = draw(rng, writer, next_number);
    tell('B', operations);
    // Nothing here may be refused; the parent sees how a child ended.
    if (!perform(engine, operations)) std::_Exit(3);
    tell('A', operations);
  }
}

int run_child(const Arguments& arguments) {
  const SystemClock clock;
  const auto engine = Engine::open(engine_options(arguments.child_folder), clock);
  if (!engine) {
    std::fprintf(stderr, "the child cannot open the folder: %s\n", engine.error().message.c_str());
    return 4;
  }
  const Rng rng(arguments.seed);
  std::vector<std::jthread> writers;
  for (std::uint64_t writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] { write_for_ever(**engine, writer, rng.split(writer)); });
  }
  for (std::uint64_t i = 0;; ++i) {
    const std::string copy = fmt::format("{}.copy{}", arguments.child_folder, i % 2);
    fs::remove_all(copy);
    if (!(*engine)->backup(copy) || !(*engine)->compact()) return 4;
  }
}

// --- the parent ---

struct Child {
  pid_t pid = -1;
  int out = -1;
};

Child start_child(const std::string& folder, std::uint64_t seed) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  const std::string seed_text = std::to_string(seed);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execl("/proc/self/exe", "crash", "--child", folder.c_str(), "--seed", seed_text.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  return {.pid = pid, .out = ends[0]};
}

// Takes what the child tells; the last line may be cut off.
class Listener {
 public:
  explicit Listener(Judge& judge) : judge_(judge) {}
  void take(std::string_view bytes) {
    rest_ += bytes;
    for (std::size_t end; (end = rest_.find('\n')) != std::string::npos; rest_.erase(0, end + 1)) {
      const auto operation = from_text(std::string_view(rest_).substr(2, end - 2));
      if (!operation) continue;
      rest_[0] == 'B' ? judge_.began(*operation) : judge_.acknowledged(*operation);
    }
  }

 private:
  Judge& judge_;
  std::string rest_;
};

// Listens until the moment comes, kills, and listens to what was still in the pipe.
// False where the child ended by itself.
bool listen_and_kill(const Child& child, double kill_after_ms, Judge& judge) {
  Listener listener(judge);
  const Stopwatch watch;
  bool killed = false;
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const double left_ms = kill_after_ms - watch.elapsed_ms();
    if (!killed && left_ms <= 0) {
      ::kill(child.pid, SIGKILL);
      killed = true;
    }
    pollfd wait{.fd = child.out, .events = POLLIN, .revents = 0};
    if (::poll(&wait, 1, killed ? -1 : static_cast<int>(left_ms) + 1) <= 0) continue;
    const ssize_t got = ::read(child.out, buffer.data(), buffer.size());
    if (got <= 0) break;
    listener.take({buffer.data(), static_cast<std::size_t>(got)});
  }
  ::close(child.out);
  int status = 0;
  ::waitpid(child.pid, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

bool judge_round(const std::string& folder, Judge& judge, std::uint64_t round) {
  const SystemClock clock;
  const Stopwatch watch;
  const auto engine = Engine::open(engine_options(folder), clock);
  if (!engine) {
    std::fprintf(stderr, "round %lu: cannot open: %s\n", round, engine.error().message.c_str());
    return false;
  }
  const auto problems = judge.judge(**engine);
  for (std::size_t i = 0; i < problems.size() && i < 20; ++i) {
    std::fprintf(stderr, "round %lu: %s\n", round, problems[i].c_str());
  }
  std::printf("round %lu: %lu acknowledged so far, judged in %.0f ms%s\n", round, judge.acknowledged_count(),
              watch.elapsed_ms(), problems.empty() ? "" : ": WRONG");
  std::fflush(stdout);
  return problems.empty();
}

int run_parent(const Arguments& arguments) {
  const fs::path root = fs::temp_directory_path() / fmt::format("handsel-crash-{}", ::getpid());
  fs::create_directories(root);
  const std::string folder = root / "data";
  Rng rng(arguments.seed);
  Judge judge;
  for (std::uint64_t round = 1; round <= arguments.rounds; ++round) {
    const double kill_after_ms = rng.uniform() * static_cast<double>(arguments.kill_within_ms);
    const bool killed = listen_and_kill(start_child(folder, rng()), kill_after_ms, judge);
    if (!killed) std::fprintf(stderr, "round %lu: the child ended by itself\n", round);
    if (!killed || !judge_round(folder, judge, round)) {
      std::fprintf(stderr, "the folder is kept: %s (seed %lu)\n", folder.c_str(), arguments.seed);
      return 1;
    }
  }
  fs::remove_all(root);
  if (judge.acknowledged_count() == 0) {
    std::fprintf(stderr, "nothing was acknowledged in any round: the test proves nothing\n");
    return 1;
  }
  std::printf("%lu rounds, %lu acknowledged writes, none lost\n", arguments.rounds, judge.acknowledged_count());
  return 0;
}

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--child") arguments.child_folder = argv[i + 1];
    if (name == "--rounds") arguments.rounds = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--seed") arguments.seed = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--kill-within-ms") arguments.kill_within_ms = std::strtoull(argv[i + 1], nullptr, 10);
  }
  return arguments;
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = parse(argc, argv);
  return arguments.child_folder.empty() ? run_parent(arguments) : run_child(arguments);
}
