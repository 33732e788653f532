// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/man_command.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "app/man_page.hpp"
#include "app/output_file.hpp"

namespace fyr::app {
namespace {

/// Replaces existing pages: they come from nowhere else.
ExitCode run_man(const CLI::App& app, const std::filesystem::path& folder) {
  const CommandHelp program = describe(app);
  create_output_folder(folder);
  for (const CommandHelp* command : flattened(program)) {
    write_output(folder / (man_page_name(*command) + ".1"), man_page(*command, program), true);
  }
  return ExitCode::Done;
}

}  // namespace

void add_man_command(CLI::App& app, Action& action) {
  const auto folder = std::make_shared<std::filesystem::path>();
  CLI::App* command = app.add_subcommand("man", "Write the man pages into a folder");
  command->footer("Example:\n  fyr man pages");
  command->group("");
  command->add_option("folder", *folder, "Where to")->type_name("FOLDER")->required();
  command->callback(
      [&app, folder, &action] { action = [&app, folder] { return run_man(app, *folder); }; });
}

}  // namespace fyr::app
