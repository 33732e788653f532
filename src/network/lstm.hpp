// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fyr/model.hpp"

namespace fyr {

/// Runs both directions over `inputs` (n_frames x I) from a zero state.
/// Returns n_frames x 2H, [forward | backward].
Matrix run_bilstm(const BiLstmLayer& layer, const Matrix& inputs);

}  // namespace fyr
