// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/child_process.hpp"

#include <sys/wait.h>

#include <cerrno>
#include <system_error>

#include "app/interrupt.hpp"
#include "fyr/error.hpp"
#include "program_start.hpp"

namespace fyr::app {
namespace {

/// Leaves the program to be waited for, so that its number stays its own.
void wait_for_end(pid_t program) {
  siginfo_t ignored;
  while (waitid(P_PID, static_cast<id_t>(program), &ignored, WEXITED | WNOWAIT) < 0 &&
         errno == EINTR) {
  }
}

}  // namespace

int run_program(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                const std::vector<std::pair<std::string, std::string>>& settings) {
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  ProgramStart ready(std::move(words), settings);
  ready.lead_group();  // Ctrl-C is for us, who end the program with all that it may have started.
  pid_t child = 0;
  int error = 0;
  {
    const Uninterrupted uninterrupted;
    error = ready.start(uninterrupted.mask_before(), child);
    if (error == 0) program_started(child);
  }
  if (error != 0) {
    throw OutputError("cannot start \"" + program.string() + "\": " +
                      std::generic_category().message(error) + "; check that it runs by itself");
  }
  wait_for_end(child);
  program_ended();
  return exit_code_of(child);
}

}  // namespace fyr::app
