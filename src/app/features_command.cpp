// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/features_command.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <system_error>
#include <vector>

#include "app/console.hpp"
#include "app/failure.hpp"
#include "app/file_identity.hpp"
#include "app/option_sources.hpp"
#include "app/output_file.hpp"
#include "app/output_folder.hpp"
#include "app/output_plan.hpp"
#include "fyr/audio.hpp"
#include "fyr/error.hpp"
#include "fyr/model.hpp"
#include "fyr/network.hpp"
#include "fyr/spectrogram.hpp"
#include "fyr/transcribe.hpp"
#include "fyr/writers.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::vector<fs::path> inputs;
  fs::path settings;
  fs::path program_settings;
  fs::path model;   ///< Instead of settings: its peaks in context are written.
  fs::path output;  ///< A folder when there are several inputs or it is one.
  bool force = false;
};

/// What the network sees, frame by frame.
Matrix network_inputs(const fs::path& input, const FeatureSettings& settings) {
  const Features features = compute_features(read_audio(input, settings.rate_hz), settings);
  // Frames before and after the recording only serve the network's edges.
  const Eigen::Index lead = -features.first_frame;
  return features.frames.middleRows(lead, features.frames.rows() - 2 * lead);
}

/// What becomes of the peaks: a row a peak of drum, time_s, confidence, confidence in context, and
/// the context's features.
Matrix peak_table(const fs::path& input, const Model& model, const Network& network) {
  const Heard heard = listen(input, model, network, {});
  const Context context = model.context.value_or(Context{});
  const std::vector<Onset> hits = first_pass_hits(heard.peaks, model.peak_picking, model.context);
  const BeatGrid grid =
      beat_grid(find_bars(hits, heard.activations, heard.duration_s, {}, Pass::First));
  const auto features =
      context_features(heard.peaks, grid, heard.timbre, heard.duration_s, context);
  std::vector<std::vector<float>> rows;
  for (std::size_t drum = 0; drum < kNDrums; ++drum) {
    const auto& peaks = heard.peaks[drum];
    for (std::size_t i = 0; i < peaks.size(); ++i) {
      std::vector<float>& row = rows.emplace_back();
      row = {static_cast<float>(drum), static_cast<float>(peaks[i].time_s), peaks[i].confidence,
             confidence_in_context(peaks[i].confidence, features[drum][i], drum, context)};
      for (const double x : features[drum][i]) row.push_back(static_cast<float>(x));
    }
  }
  Matrix result(static_cast<Eigen::Index>(rows.size()), 4 + kNContextFeatures);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    result.row(static_cast<Eigen::Index>(i)) =
        Eigen::Map<const RowVector>(rows[i].data(), static_cast<Eigen::Index>(rows[i].size()));
  }
  return result;
}

/// What makes an input's matrix.
std::function<Matrix(const fs::path&)> maker(const Arguments& arguments) {
  if (arguments.model.empty()) {
    return [settings = load_feature_settings(arguments.settings)](const fs::path& input) {
      return network_inputs(input, settings);
    };
  }
  const auto model = std::make_shared<const Model>(load_model(arguments.model));
  return [model, network = Network(*model)](const fs::path& input) {
    return peak_table(input, *model, network);
  };
}

/// Where each input's matrix goes, all of them checked.
std::vector<fs::path> outputs_of(const Arguments& arguments) {
  const fs::path& output = arguments.output;
  std::error_code ignored;  // What can't be told is refused as an output.
  const bool is_file =
      output == "-" || (lower_suffix(output) == ".npy" && !fs::is_directory(output, ignored));
  if (arguments.inputs.size() > 1 && is_file) {
    throw UsageError("several inputs need a folder for their results, not \"" + output.string() +
                     "\"; give -o FOLDER/");
  }
  if (arguments.inputs.size() > 1 || !output.has_filename()) create_output_folder(output);
  std::vector<fs::path> paths = arguments.inputs;
  paths.insert(paths.end(), {arguments.settings, arguments.program_settings, arguments.model});
  const FilesRead read(paths);
  const bool folder = fs::is_directory(output, ignored);
  std::vector<fs::path> outputs;
  std::map<fs::path, fs::path> input_of;
  for (const fs::path& input : arguments.inputs) {
    outputs.push_back(folder ? output / name_of_results(input).concat(".npy") : output);
    const auto [other, is_new] = input_of.emplace(file_written(outputs.back()), input);
    if (!is_new) refuse_shared_output(other->second, input, outputs.back());
    read.check_not_among(outputs.back());
    check_output(outputs.back(), arguments.force);
  }
  return outputs;
}

ExitCode run_features(const Arguments& arguments) {
  if (arguments.settings.empty() == arguments.model.empty()) {
    throw UsageError("features: give either --settings or --peaks-of");
  }
  const auto matrix_of = maker(arguments);
  const NewFolders new_folders(arguments.output);
  const std::vector<fs::path> outputs = outputs_of(arguments);
  Console console(Verbosity::Normal);
  Endings endings(outputs.size());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    try {
      std::ostringstream bytes;
      write_npy(matrix_of(arguments.inputs[i]), bytes);
      write_output(outputs[i], bytes.view(), arguments.force);
    } catch (const std::exception& error) {
      if (outputs.size() == 1) throw;
      const Failure failure = failure_of(error);
      const bool names_file = failure.code != ExitCode::Internal;
      console.error((names_file ? "" : "\"" + arguments.inputs[i].string() + "\": ") +
                    failure.message);
      endings.add(failure.code);
    }
  }
  if (endings.n_failed() > 0) console.error(endings.failed_text());
  return endings.exit_code();
}

}  // namespace

void add_features_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("features", "Write the network's inputs as .npy, for training");
  command->add_option("inputs", arguments->inputs, "Recordings; - is standard input")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--settings", arguments->settings,
                   "Feature settings, such as models/training/features.json; this or --peaks-of")
      ->type_name("FILE");
  command
      ->add_option(
          "--peaks-of", arguments->model,
          "Write what this model's peaks look like in context instead (a row a peak: drum, "
          "time_s, confidence, confidence in context, context features)")
      ->type_name("MODEL");
  command->add_option("-o,--output", arguments->output, "Output file, or folder for several inputs")
      ->type_name("PATH")
      ->required();
  command->add_flag("--force", arguments->force, "Replace existing files");
  command->footer(
      "Example:\n  fyr features album/*.flac --settings models/training/features.json -o cache/\n\n"
      "Exit codes: 0 done, 1 some of several inputs failed, 2 wrong usage, 3 no input could be "
      "read, 4 output refused, 5 internal error, 130 interrupted.");
  command->callback([arguments, command, &action] {
    arguments->program_settings = settings_file(*command);
    action = [arguments] { return run_features(*arguments); };
  });
}

}  // namespace fyr::app
