// SPDX-License-Identifier: GPL-3.0-or-later

/// `fyr decode`: hits, rhythm and score again from kept activations, without listening again.
#pragma once

#include <CLI/App.hpp>

#include "app/command.hpp"
#include "app/transcribe_options.hpp"

namespace fyr::app {

void add_decode_command(CLI::App& app, Action& action);

/// Decodes with the thresholds of `arguments`, and writes what needs the activations: themselves
/// and the plot. Throws OutputError.
Transcription decode_with(const TranscribeArguments& arguments, const Analysis& analysis,
                          TranscribeOptions options);

}  // namespace fyr::app
