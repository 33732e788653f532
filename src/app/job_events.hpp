// SPDX-License-Identifier: GPL-3.0-or-later

/// What `fyr transcribe --json` prints: one JSON object a line, for scripts.
/// docs/command_line.md shows them.
#pragma once

#include <string>
#include <vector>

#include "app/output_plan.hpp"
#include "fyr/transcribe.hpp"

namespace fyr::app {

/// {"event":"planned","input":…,"outputs":[{"format":…,"path":…}]}, the extras behind the targets.
std::string planned_event(const Job& job, const std::vector<Extra>& extras);

/// {"event":"done", … as above, "model":…,"duration_s":…,"seconds":…,"hits":…,"bars":…,
/// "tempo_bpm":… or null}
std::string done_event(const Job& job, const std::vector<Extra>& extras,
                       const Transcription& result, double seconds);

/// {"event":"failed","input":…,"error":…}
std::string failed_event(const Job& job, const std::string& error);

}  // namespace fyr::app
