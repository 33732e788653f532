// SPDX-License-Identifier: GPL-3.0-or-later

/// The options of every command that makes a score.
#pragma once

namespace CLI {
class App;
}

namespace fyr {
struct ScoreOptions;
}

namespace fyr::app {

/// What stands over the music and how drums are written; `score` must live as long as `command`.
void add_page_options(CLI::App& command, ScoreOptions& score);

}  // namespace fyr::app
