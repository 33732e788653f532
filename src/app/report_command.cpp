// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <sstream>

#include "app/console.hpp"
#include "app/file_identity.hpp"
#include "app/hearing_options.hpp"
#include "app/input_text.hpp"
#include "app/model_options.hpp"
#include "app/model_path.hpp"
#include "app/musescore.hpp"
#include "app/musescore_program.hpp"
#include "app/option_sources.hpp"
#include "app/option_values.hpp"
#include "app/output_file.hpp"
#include "app/page_options.hpp"
#include "fyr/audio.hpp"
#include "fyr/error.hpp"
#include "fyr/report_page.hpp"
#include "fyr/version.hpp"
#include "number.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

constexpr const char* kFooter =
    R"(Example: look, listen, correct, and write the score of the corrected hits
  fyr report song.wav -o song.html
  fyr transcribe song.wav --hits song.hits.csv -o song.mscx

The page holds the recording and needs neither network nor other files.
Exit codes: 0 done, 2 wrong usage, 3 unreadable input, 4 output refused, 5 internal error,
130 interrupted.)";

struct Arguments {
  std::filesystem::path input;
  std::filesystem::path output;
  ModelArguments model;
  HearingArguments hearing;
  std::filesystem::path settings;
  ScoreOptions score;
  bool force = false;
  bool quiet = false;
  bool verbose = false;
  std::vector<std::string> score_options;  ///< Those given that shape the score, as they were.
};

/// What the score of corrected hits needs as well.
std::vector<std::string> given_score_options(const CLI::App& command) {
  std::vector<std::string> words;
  for (const char* name : {"--tempo", "--time-signature", "--pickup", "--swing", "--beats",
                           "--title", "--artist", "--voices", "--style"}) {
    const CLI::Option& option = *command.get_option(name);
    if (option.count() > 0) words.insert(words.end(), {name, option.results().back()});
  }
  return words;
}

/// Where the notes stand, or nothing: not every MuseScore tells.
std::string segments(const Score& score) {
  try {
    return engrave(score, Picture::Segments).front();
  } catch (const OutputError&) {
    return "";
  }
}

/// By MuseScore where it is installed and works, else by fyr itself.
std::vector<EngravedPage> engraved(const Score& score, Console& console) {
  try {
    const std::vector<std::string> pages = engrave(score, Picture::Svg);
    return with_silent_bars(
        musescore_pages(pages, engrave(score, Picture::Measures).front(), segments(score)), score);
  } catch (const OutputError& error) {
    const std::string message = std::string("fyr draws the score itself: ") + error.what();
    // Who has a MuseScore expects it to be used; who has none need not hear of it.
    if (installed_musescore().empty()) {
      console.detail(message);
    } else {
      console.warning(message);
    }
    return draw_score(score);
  }
}

ExitCode run_report(const Arguments& arguments) {
  check_read_twice("report", arguments.input);
  if (const std::string ending = lower_suffix(arguments.output);
      arguments.output != "-" && ending != ".html" && ending != ".htm") {
    throw UsageError("the page is HTML: end \"" + arguments.output.string() + "\" in .html");
  }
  TranscribeOptions options = hearing_options(arguments.hearing);
  options.score = arguments.score;
  options.keep_peaks = true;
  std::vector<std::filesystem::path> read = files_read(arguments.hearing);
  read.insert(read.end(),
              {arguments.input, model_if_any(arguments.model.path), arguments.settings});
  FilesRead(read).check_not_among(arguments.output);
  check_output(arguments.output, arguments.force);
  Console console(arguments.quiet     ? Verbosity::Quiet
                  : arguments.verbose ? Verbosity::Verbose
                                      : Verbosity::Normal);
  options.on_stage = [&](std::string_view stage) { console.progress(std::string(stage) + " …"); };
  const Model model = load_model(model_path(arguments.model.path));
  std::vector<StageTime> timings;
  const Network network = make_network(model, arguments.model);
  const Analysis analysis = analyse(arguments.input, model, network, options, timings);
  name_after_recording(options, analysis.recording);
  const auto picking = with_thresholds(model.peak_picking, arguments.hearing.thresholds);
  options.peak_picking = picking;
  const Transcription heard = decode(analysis, options);

  console.progress("score …");
  std::ostringstream bytes;
  write_report_page(
      {heard.score.title, kVersion, arguments.input.string(),
       read_audio(arguments.input, model.features.rate_hz), analysis, picking,
       options.hits.has_value(), heard, engraved(heard.score, console), arguments.score_options},
      bytes);
  write_output(arguments.output, bytes.view(), arguments.force);
  if (heard.onsets.empty())
    console.warning(no_drums_heard(arguments.input, options.hits.has_value()));
  if (const std::string missed = tempo_missed(options.rhythm, heard.rhythm); !missed.empty()) {
    console.warning(missed);
  }
  console.note(shown_name(arguments.input) + ": " + counted(heard.onsets.size(), "hit") + " -> " +
               arguments.output.string() + "; open it in a browser");
  return ExitCode::Done;
}

}  // namespace

void add_report_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "report", "Write a page to see, hear and correct what was heard, for any browser");
  command->footer(kFooter);
  command->add_option("input", arguments->input, "Recording")->type_name("FILE")->required();
  command->add_option("-o,--output", arguments->output, "Page to write (.html), or -")
      ->type_name("FILE")
      ->required();
  command->add_flag("--force", arguments->force, "Replace an existing file");
  command->add_flag("-q,--quiet", arguments->quiet, "Print errors only");
  command->add_flag("-v,--verbose", arguments->verbose, "Tell more about the work");
  add_page_options(*command, arguments->score);
  add_model_options(*command, arguments->model);
  add_hearing_options(*command, arguments->hearing);
  command->callback([arguments, command, &action] {
    settle_hearing(*command, arguments->hearing);
    settle_verbosity(*command, arguments->quiet, arguments->verbose);
    arguments->settings = settings_file(*command);
    arguments->score_options = given_score_options(*command);
    action = [arguments] { return run_report(*arguments); };
  });
}

}  // namespace fyr::app
