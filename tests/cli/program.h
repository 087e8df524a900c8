// Runs the built program as a person or a script would, and keeps what it said.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace handsel::test {

struct Outcome {
  int code = -1;  // exit code; 128 + signal where one ended it
  std::string out;
  std::string err;
};

// A folder of one test, gone afterwards.
class Folder {
 public:
  explicit Folder(const std::string& name);
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path(const std::string& name = "") const { return name.empty() ? root_ : root_ / name; }
  void write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path root_;
};

// Runs to the end.
Outcome run(const std::vector<std::string>& args);

// Runs beside the test.
class Running {
 public:
  Running(const std::vector<std::string>& args, const Folder& folder);
  ~Running();  // kills it, if it still runs
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  // The first line of its output; waits for it. Empty where the program ended without one.
  std::string first_line();
  Outcome wait();  // for its end
  Outcome stop(int signal);
  pid_t pid() const { return pid_; }

 private:
  const std::string out_path_;
  const std::string err_path_;
  pid_t pid_ = -1;
};

// Of GET on a server of this machine, as its first line says ("http://127.0.0.1:1234"): the body; empty where there is
// no answer.
std::string http_get(const std::string& address, const std::string& target);

// Whether it happens within a minute.
bool soon(const std::function<bool()>& happened);

std::string read_file(const std::string& path);
std::vector<std::string> lines_of(const std::string& text);

}  // namespace handsel::test
