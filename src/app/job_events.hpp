// SPDX-License-Identifier: GPL-3.0-or-later

/// What `fyr transcribe --json` prints: one JSON object a line, for scripts.
/// docs/command_line.md shows them.
#pragma once

#include <string>

#include "app/output_plan.hpp"
#include "fyr/transcribe.hpp"

namespace fyr::app {

/// {"event":"planned","input":…,"outputs":[{"format":…,"path":…}]}
std::string planned_event(const Job& job);

/// {"event":"done", … as above, "model":…,"duration_s":…,"seconds":…,"hits":…,"bars":…,
/// "tempo_bpm":… or null}
std::string done_event(const Job& job, const Transcription& result, double seconds);

/// {"event":"failed","input":…,"error":…}
std::string failed_event(const Job& job, const std::string& error);

}  // namespace fyr::app
