// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/model_command.hpp"

#include <CLI/CLI.hpp>
#include <cmath>
#include <filesystem>
#include <iomanip>
#include <memory>
#include <sstream>

#include "app/console.hpp"
#include "app/model_path.hpp"
#include "app/output_file.hpp"
#include "fyr/model.hpp"

namespace fyr::app {
namespace {

void print_features(const FeatureSettings& features, std::ostream& out) {
  out << "inputs     " << n_features(features) << " per frame, one frame every "
      << 1000.0 * features.hop_s() << " ms at " << features.rate_hz << " Hz\n";
  for (const SpectrogramView& view : features.views) {
    out << "  view     " << view.window_samples << "-sample window, ";
    if (view.scale == FrequencyScale::Linear) {
      out << "linear bins";
    } else {
      out << view.bands_per_octave << " bands per octave, " << view.min_hz << "-" << view.max_hz
          << " Hz";
    }
    if (view.log_multiplier > 0) out << ", log10(1 + " << view.log_multiplier << " x)";
    out << (view.difference ? ", with rises\n" : "\n");
  }
}

Eigen::Index print_layer(const Layer& layer, std::ostream& out) {
  if (const auto* convolution = std::get_if<ConvolutionLayer>(&layer)) {
    out << "  layer    convolution, 3 frames x 3 bands, "
        << convolution->weight.cols() / kConvolutionNeighbours << " to "
        << convolution->weight.rows() << " channels";
    if (convolution->pooled_bands > 1) {
      out << ", max pooling over " << convolution->pooled_bands << " bands";
    }
    out << '\n';
    return convolution->weight.size() + convolution->bias.size();
  }
  if (const auto* lstm = std::get_if<BiLstmLayer>(&layer)) {
    const LstmWeights& weights = lstm->forward;
    out << "  layer    bidirectional LSTM, " << weights.input.cols() << " inputs, 2 x "
        << weights.recurrent.cols() << " units\n";
    return 2 * (weights.input.size() + weights.recurrent.size() + weights.bias.size());
  }
  const auto& dense = std::get<DenseLayer>(layer);
  out << "  layer    dense, sigmoid, " << dense.weight.cols() << " inputs, " << dense.weight.rows()
      << " outputs\n";
  return dense.weight.size() + dense.bias.size();
}

void print_input_level(const Model& model, std::ostream& out) {
  if (!model.input_level) return;
  const InputLevel& level = *model.input_level;
  out << "level      peaks under " << level.quiet_db << " dB are raised to " << level.raised_db
      << " dB, by " << level.most_db << " dB at most\n";
}

void print_outputs(const Model& model, std::ostream& out) {
  out << "outputs    onsets of " << model.stack.outputs.onsets.size() << " drums"
      << (model.stack.outputs.velocities ? ", their velocities" : "")
      << (model.stack.outputs.beats ? ", beats and downbeats" : "") << '\n'
      << "  drum          threshold  presence  pooled  alone_s  gap_s  max_s        mean_s\n";
  for (const Drum drum : model.stack.outputs.onsets) {
    const PeakPicking& picking = model.peak_picking[index_of(drum)];
    out << "  " << std::left << std::setw(14) << info(drum).id << std::setw(11) << picking.threshold
        << std::setw(10) << picking.presence << std::setw(8) << (picking.pooled ? "yes" : "no")
        << std::setw(9) << picking.alone_s << std::setw(7) << picking.gap_s << '-' << std::setw(4)
        << picking.pre_max_s << " +" << std::setw(6) << picking.post_max_s << '-' << std::setw(4)
        << picking.pre_mean_s << " +" << picking.post_mean_s << '\n';
  }
  out << "  time offset   " << model.time_offset_s << " s\n";
}

void print_context(const Model& model, std::ostream& out) {
  if (!model.context) return;
  const Context& context = *model.context;
  out << "context    peaks of at least " << context.least << ", bars of those above first, "
      << context.units.size() << " units of " << kNContextFeatures << " features\n"
      << "  drum          first    own      constant\n";
  for (const Drum drum : model.stack.outputs.onsets) {
    const DrumContext& fitted = context.drums[index_of(drum)];
    out << "  " << std::left << std::setw(14) << info(drum).id << std::setw(8)
        << fitted.first_threshold;
    for (const double weight : {fitted.own, fitted.constant}) {
      out << std::right << std::showpos << std::setw(8) << weight << std::noshowpos << ' ';
    }
    out << '\n';
  }
}

void print_layers(const std::vector<Layer>& layers, std::ostream& out) {
  Eigen::Index n_weights = 0;
  for (const Layer& layer : layers) n_weights += print_layer(layer, out);
  out << "  weights  " << n_weights << '\n';
}

/// What include/fyr/beats_in_hits.hpp tells of.
void print_hits_network(const HitsNetwork& network, std::ostream& out) {
  out << "hits       frames of " << network.frame_s << " s in segments of "
      << network.stack.segment_frames << ", " << network.stack.overlap_frames
      << " discarded on each side\n";
  print_layers(network.stack.layers, out);
  out << "  beats    " << network.sound_weight << " sound + " << network.hits_weight << " hits "
      << (network.offset < 0 ? "- " : "+ ") << std::abs(network.offset) << " (log-odds)\n";
}

/// JSON on several lines, in whatever a stranger's file holds there.
void print_training(const std::string& provenance, std::ostream& out) {
  std::istringstream lines(provenance);
  const char* head = "training   ";
  for (std::string line; std::getline(lines, line); head = "           ") {
    out << head << plain(line) << '\n';
  }
}

ExitCode run_model_info(const std::filesystem::path& given) {
  const auto path = model_path(given);
  const Model model = load_model(path);
  std::ostringstream out;
  out << "model      " << plain(model.id) << "\nfile       " << plain(path.string()) << '\n';
  print_input_level(model, out);
  print_features(model.features, out);
  out << "network    segments of " << model.stack.segment_frames << " frames, "
      << model.stack.overlap_frames << " discarded on each side\n";
  print_layers(model.stack.layers, out);
  if (model.hits_network) print_hits_network(*model.hits_network, out);
  print_outputs(model, out);
  print_context(model, out);
  print_training(model.provenance, out);
  write_output("-", out.view(), false);
  return ExitCode::Done;
}

}  // namespace

void add_model_command(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("model", "Look into model files");
  command->footer("Example:\n  fyr model info");
  command->require_subcommand(1);
  CLI::App* info_command = command->add_subcommand("info", "Print what a model file holds");
  info_command->footer("Example:\n  fyr model info models/drums.safetensors");
  const auto path = std::make_shared<std::filesystem::path>();
  info_command->add_option("file", *path, "Model file (default: the one that ships)")
      ->type_name("FILE")
      ->envname("FYR_MODEL");
  info_command->callback([path, &action] { action = [path] { return run_model_info(*path); }; });
}

}  // namespace fyr::app
