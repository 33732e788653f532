// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/model_options.hpp"

#include <CLI/CLI.hpp>

#include "app/value_checks.hpp"
#include "fyr/error.hpp"

namespace fyr::app {

void add_model_options(CLI::App& command, ModelArguments& arguments) {
  constexpr const char* kGroup = "Listening";
  command.add_option("--model", arguments.path, "Model file (default: the one that ships)")
      ->type_name("FILE")
      ->group(kGroup);
  command
      .add_option("--weights", arguments.weights,
                  "How the network multiplies (default: float):\n"
                  "float: the reference\n"
                  "bf16: in 16 bits, faster; needs a processor with AVX512_BF16")
      ->type_name("TYPE")
      ->check(one_of({"float", "bf16"}))
      ->group(kGroup);
}

Network make_network(const Model& model, const ModelArguments& arguments) {
  const InstructionSet set = instruction_set();
  const bool bf16 = arguments.weights == name(WeightType::Bfloat16);
  const WeightType weights = bf16 ? WeightType::Bfloat16 : WeightType::Float32;
  if (!is_supported(weights, set)) {
    throw UsageError("--weights bf16 needs the instructions AVX512_BF16, which " +
                     (is_supported(weights, InstructionSet::Avx512)
                          ? "FYR_INSTRUCTION_SET=" + std::string(name(set)) + " leaves out"
                          : "this processor lacks") +
                     "; take --weights float");
  }
  return Network(model, set, weights);
}

}  // namespace fyr::app
