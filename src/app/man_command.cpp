// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/man_command.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "app/man_page.hpp"
#include "app/output_file.hpp"
#include "app/output_folder.hpp"

namespace fyr::app {
namespace {

struct Arguments {
  std::filesystem::path folder;
  bool force = false;
};

ExitCode run_man(const CLI::App& app, const Arguments& arguments) {
  const CommandHelp program = describe(app);
  create_output_folder(arguments.folder);
  const auto path_of = [&](const CommandHelp& command) {
    return arguments.folder / (man_page_name(command) + ".1");
  };
  for (const CommandHelp* command : flattened(program)) {
    check_output(path_of(*command), arguments.force);
  }
  for (const CommandHelp* command : flattened(program)) {
    write_output(path_of(*command), man_page(*command, program), arguments.force);
  }
  return ExitCode::Done;
}

}  // namespace

void add_man_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("man", "Write the man pages into a folder");
  command->footer("Example:\n  fyr man pages");
  command->group("");
  command->add_option("folder", arguments->folder, "Where to")->type_name("FOLDER")->required();
  command->add_flag("--force", arguments->force, "Replace existing pages");
  command->callback([&app, arguments, &action] {
    action = [&app, arguments] { return run_man(app, *arguments); };
  });
}

}  // namespace fyr::app
