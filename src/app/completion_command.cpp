// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/completion_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "app/command_tree.hpp"
#include "app/completion.hpp"
#include "app/output_file.hpp"
#include "app/value_checks.hpp"

namespace fyr::app {
namespace {

constexpr const char* kFooter = R"(Examples:
  source <(fyr completion bash)                      for this shell; or in ~/.bashrc
  fyr completion zsh > ~/.zfunc/_fyr                 a folder of $fpath
  fyr completion fish > ~/.config/fish/completions/fyr.fish)";

ExitCode run_completion(const CLI::App& app, const std::string& shell) {
  const CommandHelp program = describe(app);
  write_output("-",
               shell == "bash"  ? bash_completion(program)
               : shell == "zsh" ? zsh_completion(program)
                                : fish_completion(program),
               false);
  return ExitCode::Done;
}

}  // namespace

void add_completion_command(CLI::App& app, Action& action) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("completion", "Print a script that completes fyr in a shell");
  command->footer(kFooter);
  command->add_option("shell", *shell, "Shell")
      ->type_name("SHELL")
      ->required()
      ->check(one_of({"bash", "zsh", "fish"}));
  command->callback(
      [&app, shell, &action] { action = [&app, shell] { return run_completion(app, *shell); }; });
}

}  // namespace fyr::app
