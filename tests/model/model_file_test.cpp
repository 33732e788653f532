// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "fyr/error.hpp"
#include "fyr/model.hpp"
#include "support/temporary_folder.hpp"

namespace fyr {
namespace {

using Json = nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::filesystem::path kGood =
    std::filesystem::path(FYR_TEST_DATA) / "network" / "two_layers.safetensors";

const std::filesystem::path kConvolutions =
    std::filesystem::path(FYR_TEST_DATA) / "network" / "convolutions.safetensors";

/// A safetensors file in pieces that a test may damage.
struct ModelFile {
  Json header;
  Json document;  ///< header["__metadata__"]["fyr"], parsed.
  std::string data;

  std::string bytes() const {
    Json full = header;
    if (!document.is_null()) full["__metadata__"]["fyr"] = document.dump();
    const std::string text = full.dump();
    const auto length = std::bit_cast<std::array<char, 8>>(std::uint64_t{text.size()});
    return std::string(length.data(), length.size()) + text + data;
  }
};

ModelFile good_file(const std::filesystem::path& path = kGood) {
  const std::string bytes = test::read_bytes(path);
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  ModelFile file;
  file.header = Json::parse(bytes.substr(8, length));
  file.document = Json::parse(file.header["__metadata__"]["fyr"].get<std::string>());
  file.data = bytes.substr(8 + length);
  return file;
}

std::filesystem::path write_temporary(const std::string& bytes) {
  static const test::TemporaryFolder folder;
  test::write_bytes(folder / "model.safetensors", bytes);
  return folder / "model.safetensors";
}

/// What load_model says about those bytes; empty if it accepts them.
std::string complaint(const std::filesystem::path& path) {
  try {
    load_model(path);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// One line that names the file, the cause and a remedy.
auto complains_about(const std::string& cause) {
  return AllOf(HasSubstr("cannot read model \""), HasSubstr(".safetensors\": "), HasSubstr(cause),
               HasSubstr("; "), Not(HasSubstr("\n")));
}

TEST(ModelFile, ReadsWhatTrainingWrote) {
  const Model model = load_model(kGood);
  EXPECT_EQ(model.id, "fixture-1");
  EXPECT_EQ(model.features.views.size(), 1U);
  EXPECT_EQ(model.stack.layers.size(), 3U);
  EXPECT_EQ(model.stack.segment_frames, 60);
  EXPECT_EQ(model.stack.overlap_frames, 15);
  EXPECT_EQ(model.stack.outputs.n_columns(), 28);
  EXPECT_DOUBLE_EQ(model.time_offset_s, -0.004);
  EXPECT_DOUBLE_EQ(model.peak_picking[index_of(Drum::Crash)].pre_mean_s, 0.1);
  EXPECT_EQ(model.provenance, "{\n  \"seed\": 1\n}");
  const auto& lstm = std::get<BiLstmLayer>(model.stack.layers[1]);
  EXPECT_EQ(lstm.backward.input.rows(), 4 * 13);
  EXPECT_EQ(lstm.backward.input.cols(), 2 * 21);
  const auto file = good_file();
  float first = 0;
  const auto begin = file.header["lstm.1.backward.weight_ih"]["data_offsets"][0].get<std::size_t>();
  std::memcpy(&first, file.data.data() + begin, sizeof first);
  EXPECT_EQ(lstm.backward.input(0, 0), first);
}

TEST(ModelFile, ReadsWhichDrumsArePooled) {
  auto file = good_file();
  file.document["peak_picking"]["open_hihat"]["pooled"] = true;
  const Model model = load_model(write_temporary(file.bytes()));
  EXPECT_TRUE(model.peak_picking[index_of(Drum::OpenHiHat)].pooled);
  EXPECT_FALSE(model.peak_picking[index_of(Drum::ClosedHiHat)].pooled) << "says nothing of it";
}

TEST(ModelFile, ReadsConvolutions) {
  const Model model = load_model(kConvolutions);
  ASSERT_EQ(model.stack.layers.size(), 6U);
  EXPECT_EQ(image_size(model.features).n_planes, 2);
  EXPECT_EQ(image_size(model.features).n_bands, 11);
  const auto& second = std::get<ConvolutionLayer>(model.stack.layers[1]);
  EXPECT_EQ(second.weight.rows(), 21);
  EXPECT_EQ(second.weight.cols(), 9 * 3);
  EXPECT_EQ(second.bias.size(), 21);
  EXPECT_EQ(second.pooled_bands, 2);
  // 11 bands, 5, 2; five channels of two bands and the second view's nine bands.
  EXPECT_EQ(std::get<BiLstmLayer>(model.stack.layers[3]).forward.input.cols(), 2 * 5 + 9);
}

/// The same file with its matrices in 16 bits.
ModelFile with_half_matrices(const ModelFile& file) {
  ModelFile halved = file;
  halved.data.clear();
  for (auto& [name, entry] : halved.header.items()) {
    if (name == "__metadata__") continue;
    const auto range = entry["data_offsets"].get<std::vector<std::size_t>>();
    const std::string bytes = file.data.substr(range[0], range[1] - range[0]);
    const std::size_t begin = halved.data.size();
    if (entry["shape"].size() == 2) {
      entry["dtype"] = "F16";
      for (std::size_t i = 0; i < bytes.size(); i += sizeof(float)) {
        float value = 0;
        std::memcpy(&value, &bytes[i], sizeof value);
        const Eigen::half half(value);
        halved.data.append(reinterpret_cast<const char*>(&half), sizeof half);
      }
    } else {
      halved.data += bytes;
    }
    entry["data_offsets"] = {begin, halved.data.size()};
  }
  return halved;
}

TEST(ModelFile, ReadsMatricesIn16Bits) {
  const Model model = load_model(kGood);
  ModelFile file = with_half_matrices(good_file());
  const Model halved = load_model(write_temporary(file.bytes()));
  EXPECT_EQ(halved.input_mean, model.input_mean);
  const auto& lstm = std::get<BiLstmLayer>(model.stack.layers[1]);
  const auto& half_lstm = std::get<BiLstmLayer>(halved.stack.layers[1]);
  EXPECT_EQ(half_lstm.forward.bias, lstm.forward.bias);
  EXPECT_EQ(half_lstm.backward.input, lstm.backward.input.cast<Eigen::half>().cast<float>());
  EXPECT_NE(half_lstm.backward.input, lstm.backward.input);

  const Eigen::half infinity = std::numeric_limits<Eigen::half>::infinity();
  const auto begin = file.header["dense.weight"]["data_offsets"][0].get<std::size_t>();
  std::memcpy(&file.data[begin + 2], &infinity, sizeof infinity);
  EXPECT_THAT(complaint(write_temporary(file.bytes())),
              complains_about("tensor \"dense.weight\" holds values that are not finite"));
}

TEST(ModelFile, ReadsConvolutionsIn16Bits) {
  const Model model = load_model(kConvolutions);
  const Model halved =
      load_model(write_temporary(with_half_matrices(good_file(kConvolutions)).bytes()));
  const auto& layer = std::get<ConvolutionLayer>(model.stack.layers[2]);
  const auto& half_layer = std::get<ConvolutionLayer>(halved.stack.layers[2]);
  EXPECT_EQ(half_layer.bias, layer.bias);
  EXPECT_EQ(half_layer.weight, layer.weight.cast<Eigen::half>().cast<float>());
}

/// A context of two units, as a model of all drums has it.
Json two_units() {
  Json drums = Json::object();
  for (const DrumInfo& drum : kDrums) {
    drums[std::string(drum.id)] = {{"first_threshold", 0.2}, {"own", 0.5}, {"constant", -0.25}};
  }
  const Json unit = {{"weights", std::vector<double>(kNContextFeatures, 0.5)},
                     {"biases", std::vector<double>(kNDrums, 0.125)},
                     {"outputs", std::vector<double>(kNDrums, -1)}};
  return {{"least", 0.04}, {"near_s", 0.025}, {"drums", drums}, {"units", {unit, unit}}};
}

TEST(ModelFile, ReadsTheContext) {
  ModelFile file = good_file();
  Json& context = file.document["context"] = two_units();
  context["drums"]["ride"]["own"] = -1.25;
  context["units"][1]["weights"][33] = 4;
  context["units"][1]["biases"][index_of(Drum::Ride)] = 3;
  context["units"][0]["outputs"][index_of(Drum::Kick)] = 2;
  const Model model = load_model(write_temporary(file.bytes()));
  ASSERT_TRUE(model.context.has_value());
  EXPECT_DOUBLE_EQ(model.context->least, 0.04);
  EXPECT_DOUBLE_EQ(model.context->near_s, 0.025);
  const auto& drums = model.context->drums;
  EXPECT_DOUBLE_EQ(drums[index_of(Drum::Ride)].own, -1.25);
  EXPECT_DOUBLE_EQ(drums[index_of(Drum::Kick)].own, 0.5);
  EXPECT_DOUBLE_EQ(drums[index_of(Drum::Kick)].constant, -0.25);
  EXPECT_DOUBLE_EQ(drums[index_of(Drum::Kick)].first_threshold, 0.2);
  const std::vector<ContextUnit>& units = model.context->units;
  ASSERT_EQ(units.size(), 2);
  EXPECT_DOUBLE_EQ(units[0].weights[33], 0.5);
  EXPECT_DOUBLE_EQ(units[1].weights[33], 4);
  EXPECT_DOUBLE_EQ(units[1].biases[index_of(Drum::Ride)], 3);
  EXPECT_DOUBLE_EQ(units[1].biases[index_of(Drum::Kick)], 0.125);
  EXPECT_DOUBLE_EQ(units[0].outputs[index_of(Drum::Kick)], 2);
}

TEST(ModelFile, IsRefusedWhenItsContextIsDamaged) {
  const auto complaint_about = [](const std::function<void(Json&)>& damage) {
    ModelFile file = good_file();
    damage(file.document["context"] = two_units());
    return complaint(write_temporary(file.bytes()));
  };
  EXPECT_THAT(complaint_about([](Json& json) { json["drums"]["kick"].erase("own"); }),
              complains_about("\"context\": \"kick\": \"own\" is missing"));
  EXPECT_THAT(complaint_about([](Json& json) { json.erase("units"); }),
              complains_about("\"units\" is missing"));
  EXPECT_THAT(complaint_about([](Json& json) { json["units"][0]["weights"].erase(0); }),
              complains_about("\"weights\" must be 36 numbers"));
  EXPECT_THAT(complaint_about([](Json& json) { json["units"][1]["biases"][3] = "much"; }),
              complains_about("\"context\": \"units\", entry 2: \"biases\" must be 13 numbers"));
  EXPECT_THAT(complaint_about([](Json& json) { json["units"][1]["outputs"][3] = 1e9; }),
              complains_about("\"outputs\" must be 13 numbers"));
  EXPECT_THAT(complaint_about(
                  [](Json& json) { json["units"] = std::vector<Json>(1025, json["units"][0]); }),
              complains_about("the context has 1025 units, at most 1024 are run"));
}

TEST(ModelFile, HasNoContextUnlessItSaysSo) { EXPECT_FALSE(load_model(kGood).context.has_value()); }

TEST(ModelFile, IsRefusedWhereverItIsTruncated) {
  const std::string bytes = test::read_bytes(kGood);
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 40) {
    EXPECT_THAT(complaint(write_temporary(bytes.substr(0, size))), complains_about("it is "))
        << size << " bytes";
  }
  EXPECT_THAT(complaint(write_temporary(bytes.substr(0, bytes.size() - 1))),
              complains_about("truncated"));
}

TEST(ModelFile, IsRefusedWhenItIsNoModel) {
  EXPECT_THAT(complaint("/no/such.safetensors"), complains_about("no such file"));
  const test::TemporaryFolder above;
  std::filesystem::create_directories(above / "folder.safetensors");
  EXPECT_THAT(complaint(above / "folder.safetensors"), complains_about("it is a folder"));
  EXPECT_THAT(complaint(write_temporary("")), complains_about("it is empty"));
  EXPECT_THAT(complaint(write_temporary("Just some text, long enough.")),
              complains_about("not a safetensors file"));
  EXPECT_THAT(complaint(write_temporary(std::string(100, '\xFF'))),
              complains_about("not a safetensors file"));
  EXPECT_THAT(complaint(write_temporary(std::string("\x04\0\0\0\0\0\0\0[[[[", 12))),
              complains_about("the header is not JSON"));
  EXPECT_THAT(complaint(write_temporary(std::string("\x02\0\0\0\0\0\0\0[]", 10))),
              complains_about("the header is not a JSON object"));
  EXPECT_THAT(complaint(write_temporary(std::string("\x02\0\0\0\0\0\0\0{}", 10))),
              complains_about("\"__metadata__\" has no \"fyr\""));
}

struct Damage {
  const char* cause;
  std::function<void(ModelFile&)> apply;
};

void set_float(ModelFile& file, const std::string& tensor, float value) {
  const auto begin = file.header[tensor]["data_offsets"][0].get<std::size_t>();
  std::memcpy(file.data.data() + begin, &value, sizeof value);
}

Json linear_view(int window_samples) {
  return {{"window_samples", window_samples},
          {"scale", "linear"},
          {"log_multiplier", 0},
          {"difference", false}};
}

/// The entry for a hits network of these layers.
Json hits_network(const Json& layers) {
  return {
      {"frame_s", 0.04},      {"least_strength", 0.3}, {"layers", layers},   {"segment_frames", 50},
      {"overlap_frames", 10}, {"sound_weight", 0.5},   {"hits_weight", 0.5}, {"offset", 0}};
}

const std::vector<Damage>& tensor_damages() {
  static const std::vector<Damage> damages = {
      {"tensor \"dense.bias\": it has dtype \"F64\", expected F32 or F16",
       [](auto& f) { f.header["dense.bias"]["dtype"] = "F64"; }},
      {"offsets and shape disagree", [](auto& f) { f.header["dense.bias"]["dtype"] = "F16"; }},
      {"tensor \"dense.bias\": \"dtype\" is missing",
       [](auto& f) { f.header["dense.bias"].erase("dtype"); }},
      {"tensor \"dense.bias\": \"shape\" must be a list",
       [](auto& f) { f.header["dense.bias"]["shape"] = "28"; }},
      {"has shape [4, 7], expected [28]",
       [](auto& f) {
         f.header["dense.bias"]["shape"] = {4, 7};
       }},
      {"offsets and shape disagree", [](auto& f) { f.header["dense.bias"]["shape"] = {29}; }},
      {"bad shape or offsets", [](auto& f) { f.header["dense.bias"]["shape"] = {-28}; }},
      {"bad shape or offsets", [](auto& f) { f.header["dense.bias"]["shape"] = {2.5}; }},
      {"bad shape or offsets",
       [](auto& f) {
         f.header["dense.bias"]["shape"] = {std::uint64_t{1} << 62U, 16};
       }},
      {"offsets and shape disagree",
       [](auto& f) { f.header["dense.bias"]["shape"] = std::vector<int>(8, 1 << 20); }},
      {"bad shape or offsets",
       [](auto& f) {
         f.header["dense.bias"]["data_offsets"] = {std::uint64_t{1} << 60U,
                                                   std::uint64_t{1} << 61U};
       }},
      {"tensor \"dense.bias\": bad offsets",
       [](auto& f) { f.header["dense.bias"]["data_offsets"] = {0}; }},
      {"tensors overlap or leave holes",
       [](auto& f) {
         f.header["lstm.0.forward.bias"]["data_offsets"] =
             f.header["lstm.0.backward.bias"]["data_offsets"];
       }},
      {"bytes follow the last tensor", [](auto& f) { f.data += "more"; }},
      {"truncated", [](auto& f) { f.data.pop_back(); }},
      {"tensor \"dense.bias\" holds values that are not finite",
       [](auto& f) { set_float(f, "dense.bias", std::numeric_limits<float>::quiet_NaN()); }},
      {"tensor \"input.scale\" holds values that are not finite",
       [](auto& f) { set_float(f, "input.scale", std::numeric_limits<float>::infinity()); }},
      {"tensor \"input.mean\" is missing",
       [](auto& f) {
         f.header["input.average"] = f.header["input.mean"];
         f.header.erase("input.mean");
       }},
      {"tensor \"stray;\\n\" belongs to no layer; use an intact file",
       [](auto& f) {
         f.header["stray;\n"] = {{"dtype", "F32"},
                                 {"shape", {1}},
                                 {"data_offsets", {f.data.size(), f.data.size() + 4}}};
         f.data += std::string(4, '\0');
       }},
      {"holds something besides text", [](auto& f) { f.header["__metadata__"]["more"] = 3; }},
  };
  return damages;
}

const std::vector<Damage>& document_damages() {
  static const std::vector<Damage> damages = {
      {"format version 2, this build reads 1", [](auto& f) { f.document["format_version"] = 2; }},
      {"\"format_version\" is missing", [](auto& f) { f.document.erase("format_version"); }},
      {"\"model_id\" must be text", [](auto& f) { f.document["model_id"] = 5; }},
      {"\"features\" is missing", [](auto& f) { f.document.erase("features"); }},
      {"\"hop_samples\" must be a whole number",
       [](auto& f) { f.document["features"]["hop_samples"] = 441.5; }},
      {"at least one view", [](auto& f) { f.document["features"]["views"] = Json::array(); }},
      {"\"views\", entry 1: unknown scale \"me\\nl\"",
       [](auto& f) { f.document["features"]["views"][0]["scale"] = "me\nl"; }},
      {"\"layers\" must be a list", [](auto& f) { f.document["layers"] = "bilstm"; }},
      {"unknown layer type \"gru\"", [](auto& f) { f.document["layers"][0]["type"] = "gru"; }},
      {"\"layers\", entry 1: \"units\" must be a whole number between 1 and",
       [](auto& f) { f.document["layers"][0]["units"] = 1e9; }},
      {"no layer is bilstm",
       [](auto& f) { f.document["layers"] = Json::array({f.document["layers"][2]}); }},
      {"the last layer must be dense", [](auto& f) { f.document["layers"].erase(2); }},
      {"a layer follows the dense layer",
       [](auto& f) { f.document["layers"].push_back(f.document["layers"][0]); }},
      {"unknown activation \"relu\"",
       [](auto& f) { f.document["layers"][2]["activation"] = "relu"; }},
      {"tensor \"lstm.0.forward.weight_ih\" has shape [84, 9], expected [80, 9]",
       [](auto& f) { f.document["layers"][0]["units"] = 20; }},
      {"unknown drum \"cowbell\", expected one of kick, snare",
       [](auto& f) { f.document["outputs"]["onsets"][0] = "cowbell"; }},
      {"drum \"snare\" is listed twice",
       [](auto& f) { f.document["outputs"]["onsets"][0] = "snare"; }},
      {"the dense layer has 28 units, the outputs need 26",
       [](auto& f) { f.document["outputs"]["beats"] = false; }},
      {"\"overlap_frames\" must be a whole number between 0 and 29",
       [](auto& f) { f.document["overlap_frames"] = 30; }},
      {"\"peak_picking\": \"crash\" is missing",
       [](auto& f) { f.document["peak_picking"].erase("crash"); }},
      {"\"peak_picking\": \"kick\": \"threshold\" must be a number between 0 and 1",
       [](auto& f) { f.document["peak_picking"]["kick"]["threshold"] = 1.5; }},
      {"\"pooled\" must be true or false",
       [](auto& f) { f.document["peak_picking"]["kick"]["pooled"] = 0.5; }},
      {"the hits network's dense layer has 28 units, beat and downbeat need 2",
       [](auto& f) { f.document["hits_network"] = hits_network(f.document["layers"]); }},
      {"the hits network has a convolution",
       [](auto& f) {
         f.document["hits_network"] =
             hits_network({{{"type", "convolution"}, {"channels", 3}, {"pooled_bands", 1}},
                           {{"type", "bilstm"}, {"units", 3}},
                           {{"type", "dense"}, {"activation", "sigmoid"}, {"units", 2}}});
       }},
      {"tensor \"hits.lstm.0.forward.weight_ih\" is missing",
       [](auto& f) {
         f.document["hits_network"] =
             hits_network({{{"type", "bilstm"}, {"units", 3}},
                           {{"type", "dense"}, {"activation", "sigmoid"}, {"units", 2}}});
       }},
      {"\"hits_network\": \"frame_s\" must be a number",
       [](auto& f) {
         f.document["hits_network"] = hits_network(f.document["layers"]);
         f.document["hits_network"]["frame_s"] = 0;
       }},
      {"\"raised_db\" must be a number",
       [](auto& f) {
         f.document["input_level"] = {{"quiet_db", -12}, {"raised_db", -13}, {"most_db", 30}};
       }},
      {"the network would hear 10000 frames of 16385 values at once, more than 16777216 values",
       [](auto& f) {
         f.document["features"]["views"][0] = linear_view(32768);
         f.document["segment_frames"] = 10000;
       }},
      {"the network would hear 16384 frames of 16385 values at once",
       [](auto& f) {
         f.document["features"]["views"][0] = linear_view(32768);
         f.document["features"]["rate_hz"] = 8000;
         f.document["features"]["hop_samples"] = 1;
       }},
      {"the network would hear 10000 frames of 8192 values at once",
       [](auto& f) {
         f.document["layers"][0]["units"] = 2048;
         f.document["segment_frames"] = 10000;
       }},
      {"\"time_offset_s\" must be a number", [](auto& f) { f.document["time_offset_s"] = "0"; }},
      {"the metadata has \"threshold\" twice",
       [](auto& f) {
         const std::string text = f.document.dump();
         const std::string key = "\"threshold\":";
         const std::size_t at = text.find(key);
         f.document = nullptr;
         f.header["__metadata__"]["fyr"] = text.substr(0, at) + key + "0.5," + text.substr(at);
       }},
      {"the metadata is not JSON",
       [](auto& f) {
         f.document = nullptr;
         f.header["__metadata__"]["fyr"] = "{";
       }},
      {"\"format_version\" is missing", [](auto& f) { f.document = Json::array(); }},
      {"more than 100 deep",
       [](auto& f) {
         const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
         f.header["__metadata__"]["fyr"] = "{\"training\": " + deep + "}";
         f.document = nullptr;
       }},
  };
  return damages;
}

TEST(ModelFile, IsRefusedWhenItsHeaderNamesATensorTwice) {
  std::string bytes = good_file().bytes();
  const std::string tensor = R"("dense.bias":{"data_offsets":[0,4],"dtype":"F32","shape":[1]},)";
  bytes.insert(9, tensor);
  const auto length =
      std::bit_cast<std::array<char, 8>>(std::uint64_t{bytes.size() - 8 - good_file().data.size()});
  bytes.replace(0, length.size(), length.data(), length.size());
  EXPECT_THAT(complaint(write_temporary(bytes)),
              complains_about("the header has \"dense.bias\" twice"));
}

/// Of the file with convolutions.
const std::vector<Damage>& convolution_damages() {
  static const std::vector<Damage> damages = {
      {"\"channels\" is missing", [](auto& f) { f.document["layers"][0].erase("channels"); }},
      {"\"channels\" must be a whole number between 1 and",
       [](auto& f) { f.document["layers"][0]["channels"] = 0; }},
      {"\"pooled_bands\" is missing",
       [](auto& f) { f.document["layers"][1].erase("pooled_bands"); }},
      {"\"pooled_bands\" must be a whole number between 1 and",
       [](auto& f) { f.document["layers"][1]["pooled_bands"] = 1.5; }},
      {"the convolutions leave none of 11 bands",
       [](auto& f) { f.document["layers"][1]["pooled_bands"] = 6; }},
      {"17 convolutions, at most 16 are run",
       [](auto& f) {
         auto& layers = f.document["layers"];
         const auto first = layers[0];
         for (int k = 0; k < 14; ++k) layers.insert(layers.begin(), first);
       }},
      {"convolution 0 makes or reads frames of more than 40000 values",
       [](auto& f) { f.document["layers"][0]["channels"] = 4096; }},
      {"convolution 0 makes or reads frames of more than 40000 values",
       [](auto& f) { f.document["layers"][0]["channels"] = 3633; }},
      {"a convolution follows a bilstm layer",
       [](auto& f) { std::swap(f.document["layers"][2], f.document["layers"][3]); }},
      {"a layer follows the dense layer",
       [](auto& f) { f.document["layers"].push_back(f.document["layers"][0]); }},
      {"tensor \"convolution.0.weight\" has shape [3, 18], expected [4, 18]",
       [](auto& f) { f.document["layers"][0]["channels"] = 4; }},
      {"tensor \"convolution.0.weight\" has shape [3, 18], expected [21, 18]",
       [](auto& f) { f.document["layers"].erase(0); }},
      {"tensor \"lstm.0.forward.weight_ih\" has shape [40, 19], expected [40, 34]",
       [](auto& f) { f.document["layers"][1]["pooled_bands"] = 1; }},
      {"tensor \"lstm.0.forward.weight_ih\" has shape [40, 19], expected [40, 114]",
       [](auto& f) { f.document["layers"].erase(2); }},
      {"tensor \"lstm.0.forward.weight_ih\" has shape [40, 19], expected [40, 31]",
       [](auto& f) {
         for (int k = 0; k < 3; ++k) f.document["layers"].erase(0);
       }},
      {"tensor \"convolution.2.bias\" holds values that are not finite",
       [](auto& f) { set_float(f, "convolution.2.bias", std::numeric_limits<float>::infinity()); }},
  };
  return damages;
}

void expect_refused(const std::vector<Damage>& damages, const std::filesystem::path& path = kGood) {
  for (const Damage& damage : damages) {
    ModelFile file = good_file(path);
    damage.apply(file);
    EXPECT_THAT(complaint(write_temporary(file.bytes())), complains_about(damage.cause));
  }
}

TEST(ModelFile, IsAcceptedAgainWhenNothingIsDamaged) {
  EXPECT_EQ(complaint(write_temporary(good_file().bytes())), "");
}

TEST(ModelFile, IsRefusedWhenTheTensorsAreDamaged) { expect_refused(tensor_damages()); }

TEST(ModelFile, IsRefusedWhenTheDocumentIsDamaged) { expect_refused(document_damages()); }

TEST(ModelFile, IsRefusedWhenItsConvolutionsAreDamaged) {
  expect_refused(convolution_damages(), kConvolutions);
}

TEST(FeatureSettings, AreReadFromTheTrainingFolder) {
  const auto path = std::filesystem::path(FYR_SOURCE_DIR) / "models" / "training" / "features.json";
  EXPECT_EQ(load_feature_settings(path).rate_hz, 44100);
}

TEST(FeatureSettings, AreRefusedWhenMissing) {
  try {
    load_feature_settings("/no/such.json");
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot read \"/no/such.json\": "));
  }
}

}  // namespace
}  // namespace fyr
