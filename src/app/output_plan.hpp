// SPDX-License-Identifier: GPL-3.0-or-later

/// Which result goes where, decided and checked before anything slow begins.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/output_format.hpp"

namespace fyr::app {

struct Target {
  const OutputFormat* format = nullptr;
  std::filesystem::path path;  ///< "-" is standard output.
};

/// What is written of the only job besides its targets: "doubts", "activations" or "plot".
struct Extra {
  std::string name;
  std::filesystem::path path;
};

struct Job {
  std::filesystem::path input;
  std::vector<Target> targets;
};

struct OutputRequest {
  std::vector<std::filesystem::path> inputs;
  std::string output;                ///< As given with -o: a file, a folder, "-" or nothing.
  std::vector<std::string> formats;  ///< As given with -f; empty: by extension.
  std::vector<std::filesystem::path> also_read;  ///< Besides the inputs; never written to either.
  bool force = false;
  bool dry_run = false;  ///< Only say what would be written; NewFolders takes the folder away.
};

/// What the results of an input are called in a folder, without their endings.
std::filesystem::path name_of_results(const std::filesystem::path& input);

/// Refuses that the results of two inputs get one name: throws UsageError.
[[noreturn]] void refuse_shared_output(const std::filesystem::path& one,
                                       const std::filesystem::path& other,
                                       const std::filesystem::path& output);

/// The inputs and what is read besides them.
std::vector<std::filesystem::path> all_read(const OutputRequest& request);

/// One job an input, in their order. Creates the output folder where it is missing.
///
/// Throws UsageError when the request is unclear or two results would share a name, OutputError
/// when a file would be overwritten or cannot be written.
std::vector<Job> plan_outputs(const OutputRequest& request);

}  // namespace fyr::app
