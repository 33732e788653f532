// SPDX-License-Identifier: GPL-3.0-or-later

/// "Did you mean …?" for mistyped names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fyr {

/// ` (did you mean "snare"?)` if one of `known` is close to `typed`, else nothing.
///
/// Close: at most a third of its letters, and at least one, must change (optimal string
/// alignment distance).
std::string did_you_mean(std::string_view typed, const std::vector<std::string>& known);

/// Why the id is no drum, and which there are: `unknown drum "snar" (did you mean "snare"?); the
/// drums are: kick, …`.
std::string unknown_drum(const std::string& id);

}  // namespace fyr
