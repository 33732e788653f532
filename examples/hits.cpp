// SPDX-License-Identifier: GPL-3.0-or-later

/// Prints the drum hits of a recording: `hits song.wav`.
#include <fyr/error.hpp>
#include <fyr/transcribe.hpp>
#include <fyr/writers.hpp>
#include <iostream>

int main(int argc, char** argv) try {
  if (argc != 2) throw fyr::UsageError("usage: hits RECORDING");
  const fyr::Model model = fyr::load_model(MODEL);
  const auto result = fyr::transcribe(argv[1], model, fyr::Network(model));
  fyr::write_csv(result.onsets, std::cout);
  return 0;
} catch (const fyr::Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
