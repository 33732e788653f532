// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sonify_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "app/console.hpp"
#include "app/file_identity.hpp"
#include "app/hearing_options.hpp"
#include "app/input_text.hpp"
#include "app/model_options.hpp"
#include "app/model_path.hpp"
#include "app/option_sources.hpp"
#include "app/option_values.hpp"
#include "app/output_file.hpp"
#include "fyr/audio.hpp"
#include "fyr/encode_sound.hpp"
#include "fyr/error.hpp"
#include "fyr/kit.hpp"
#include "number.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

constexpr const char* kFooter = R"(Examples:
  fyr sonify song.wav -o check.wav             recording left, drums right
  fyr sonify song.wav -o check.mp3 --mix --clicks
  fyr sonify song.wav --hits corrected.csv -o check.wav

Exit codes: 0 done, 2 wrong usage, 3 unreadable input, 4 output refused, 5 internal error,
130 interrupted.)";

constexpr int kRateHz = 44100;

struct Arguments {
  std::filesystem::path input;
  std::filesystem::path output;
  ModelArguments model;
  HearingArguments hearing;
  std::filesystem::path settings;
  bool mix = false;
  bool clicks = false;
  bool force = false;
  bool quiet = false;
};

SoundFormat format_of(const std::filesystem::path& output) {
  const std::string extension = lower_suffix(output);
  if (extension == ".wav" || output == "-") return SoundFormat::Wav;
  if (extension == ".flac") return SoundFormat::Flac;
  if (extension == ".ogg") return SoundFormat::Ogg;
  if (extension == ".mp3") return SoundFormat::Mp3;
  throw UsageError("cannot tell the format of \"" + output.string() +
                   "\" from its name; end it in .wav, .flac, .ogg or .mp3");
}

/// Hits that are given need no listening, unless beats are wanted too or crashes may be choked.
Transcription hear(const Arguments& arguments, TranscribeOptions options) {
  if (options.hits && !arguments.clicks &&
      std::ranges::find(*options.hits, Drum::Crash, &Onset::drum) == options.hits->end()) {
    Transcription given;
    given.onsets = *options.hits;
    return given;
  }
  const Model model = load_model(model_path(arguments.model.path));
  std::vector<StageTime> timings;
  const Network network = make_network(model, arguments.model);
  options.peak_picking = with_thresholds(model.peak_picking, arguments.hearing.thresholds);
  const Analysis analysis = analyse(arguments.input, model, network, options, timings);
  return decode(analysis, options);
}

ExitCode run_sonify(const Arguments& arguments) {
  check_read_twice("sonify", arguments.input);
  TranscribeOptions options = hearing_options(arguments.hearing);
  const SoundFormat format = format_of(arguments.output);
  std::vector<std::filesystem::path> read = files_read(arguments.hearing);
  read.insert(read.end(),
              {arguments.input, model_if_any(arguments.model.path), arguments.settings});
  FilesRead(read).check_not_among(arguments.output);
  check_output(arguments.output, arguments.force);
  Console console(arguments.quiet ? Verbosity::Quiet : Verbosity::Normal);
  options.on_stage = [&](std::string_view stage) { console.progress(std::string(stage) + " …"); };
  const Audio recording = read_audio(arguments.input, kRateHz);
  check_hits(options, recording.duration_s());
  const Transcription heard = hear(arguments, options);
  SonifyOptions sonify_options;
  sonify_options.mix = arguments.mix;
  if (arguments.clicks) sonify_options.beats = heard.rhythm.beats;
  const auto samples = sonify(recording, heard.onsets, sonify_options);
  write_output(arguments.output, encode_sound(samples, 2, kRateHz, format), arguments.force);
  if (heard.onsets.empty())
    console.warning(no_drums_heard(arguments.input, options.hits.has_value()));
  if (const std::string missed = tempo_missed(options.rhythm, heard.rhythm); !missed.empty()) {
    console.warning(missed);
  }
  console.note(shown_name(arguments.input) + ": " + counted(heard.onsets.size(), "hit") + " -> " +
               arguments.output.string());
  return ExitCode::Done;
}

}  // namespace

void add_sonify_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "sonify", "Write a sound file: the recording left, a drum kit that plays the hits right");
  command->footer(kFooter);
  command->add_option("input", arguments->input, "Recording")->type_name("FILE")->required();
  command
      ->add_option("-o,--output", arguments->output,
                   "Sound to write: .wav, .flac, .ogg, .mp3, or - for WAV on standard output")
      ->type_name("FILE")
      ->required();
  command->add_flag("--mix", arguments->mix, "Both on both sides");
  command->add_flag("--clicks", arguments->clicks, "Click on the beats, higher on downbeats");
  command->add_flag("--force", arguments->force, "Replace an existing file");
  command->add_flag("-q,--quiet", arguments->quiet, "Print errors only");
  add_model_options(*command, arguments->model);
  add_hearing_options(*command, arguments->hearing);
  command->callback([arguments, command, &action] {
    settle_hearing(*command, arguments->hearing);
    arguments->settings = settings_file(*command);
    action = [arguments] { return run_sonify(*arguments); };
  });
}

}  // namespace fyr::app
