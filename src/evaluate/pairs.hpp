// SPDX-License-Identifier: GPL-3.0-or-later

/// Reading into a pair: what cannot be read becomes the pair's problem.
#pragma once

#include <filesystem>

#include "fyr/evaluate.hpp"

namespace fyr {

Annotation read_into(const std::filesystem::path& path, EvaluationPair& pair);

/// Name, hits and beats of a data set's recording, moved by its offset.
void read_reference(const DatasetRecording& recording, EvaluationPair& pair);

/// What the user reads of an error: with the recording's name where it does not name a file itself.
std::string problem_of(const EvaluationPair& pair, const std::exception& error);

}  // namespace fyr
