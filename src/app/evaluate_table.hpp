// SPDX-License-Identifier: GPL-3.0-or-later

/// Evaluation results as aligned text.
#pragma once

#include <iosfwd>

#include "fyr/evaluate.hpp"

namespace fyr::app {

struct TableOptions {
  bool per_recording = false;
  bool confusion = false;
  int n_worst = 0;
};

void print_table(const Report& report, const TableOptions& options, std::ostream& out);
void print_comparison(const Comparison& comparison, double tolerance, std::ostream& out);
void print_map(const LabelMap& map, std::ostream& out);

}  // namespace fyr::app
