// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/lstm.hpp"

namespace fyr {
namespace {

template <typename Gate>
auto sigmoid(const Gate& x) {
  return (1.0F + (-x).exp()).inverse();
}

/// Fills `outputs` (n_frames x H), walking from the last frame to the first if `reversed`.
void run_direction(const LstmWeights& weights, const Matrix& inputs, bool reversed,
                   Eigen::Ref<Matrix, 0, Eigen::OuterStride<>> outputs) {
  const Eigen::Index n_units = weights.recurrent.cols();
  Matrix gates = inputs * weights.input.transpose();
  gates.rowwise() += weights.bias;
  RowVector hidden = RowVector::Zero(n_units);
  RowVector cell = RowVector::Zero(n_units);
  for (Eigen::Index step = 0; step < inputs.rows(); ++step) {
    const Eigen::Index frame = reversed ? inputs.rows() - 1 - step : step;
    auto gate = gates.row(frame);
    gate.noalias() += hidden * weights.recurrent.transpose();
    const auto input = sigmoid(gate.segment(0, n_units).array());
    const auto forget = sigmoid(gate.segment(n_units, n_units).array());
    const auto candidate = gate.segment(2 * n_units, n_units).array().tanh();
    const auto output = sigmoid(gate.segment(3 * n_units, n_units).array());
    cell = forget * cell.array() + input * candidate;
    hidden = output * cell.array().tanh();
    outputs.row(frame) = hidden;
  }
}

}  // namespace

Matrix run_bilstm(const BiLstmLayer& layer, const Matrix& inputs) {
  const Eigen::Index n_units = layer.forward.recurrent.cols();
  Matrix outputs(inputs.rows(), 2 * n_units);
  run_direction(layer.forward, inputs, false, outputs.leftCols(n_units));
  run_direction(layer.backward, inputs, true, outputs.rightCols(n_units));
  return outputs;
}

}  // namespace fyr
