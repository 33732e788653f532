// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/safetensors.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cmath>

#include "fyr/error.hpp"
#include "text.hpp"

namespace fyr {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

/// The format's own limit: "a maximum of 100MB" for the header (README, "Notes").
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
/// Far above any model; together they keep every product of sizes inside 64 bits.
constexpr std::uint64_t kMaxDimension = std::uint64_t{1} << 20U;
constexpr std::uint64_t kMaxFileBytes = std::uint64_t{1} << 43U;

std::uint64_t regular_file_size(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error) {
    errno = error.value();
    throw InputError(why_closed());
  }
  if (std::filesystem::is_directory(status)) {
    throw InputError("it is a folder; name the .safetensors file inside it");
  }
  if (!std::filesystem::is_regular_file(status)) {
    throw InputError("it is not a regular file; name a .safetensors file");
  }
  return std::filesystem::file_size(path);
}

std::uint64_t whole_number(const Json& json, std::uint64_t most) {
  if (!json.is_number_unsigned() || json.get<std::uint64_t>() > most) {
    throw InputError("bad shape or offsets in the header");
  }
  return json.get<std::uint64_t>();
}

std::string to_text(const std::vector<Eigen::Index>& shape) {
  std::string text = "[";
  for (const Eigen::Index size : shape)
    text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "]";
}

}  // namespace

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path) {
  const std::uint64_t file_bytes = regular_file_size(path);
  file_.open(path, std::ios::binary);
  if (!file_) throw InputError("it may not be read; check its permissions");
  read_header(file_bytes);
}

void SafetensorsFile::read_header(std::uint64_t file_bytes) {
  std::array<char, 8> length_bytes{};
  if (file_bytes < length_bytes.size()) {
    throw InputError(file_bytes == 0 ? "it is empty" : "it is too short to be a safetensors file");
  }
  file_.read(length_bytes.data(), length_bytes.size());
  const auto header_bytes = std::bit_cast<std::uint64_t>(length_bytes);
  data_begin_ = length_bytes.size() + header_bytes;
  if (header_bytes > kMaxHeaderBytes || data_begin_ > file_bytes) {
    throw InputError("it is truncated or not a safetensors file");
  }
  std::string text(header_bytes, '\0');
  if (!file_.read(text.data(), static_cast<std::streamsize>(text.size()))) {
    throw InputError("reading the header failed");
  }
  const Json header = parse_json(text, "the header");
  if (!header.is_object()) throw InputError("the header is not a JSON object");
  // Not taken apart: clang 14 captures no structured binding.
  for (const auto& item : header.items()) {
    if (item.key() == "__metadata__") {
      read_metadata(item.value());
    } else {
      tensors_[item.key()] =
          within("tensor " + quoted(item.key()), [&] { return parse_tensor(item.value()); });
    }
  }
  require_no_holes(file_bytes - data_begin_);
}

void SafetensorsFile::read_metadata(const Json& entries) {
  for (const auto& [key, value] : entries.items()) {
    if (!value.is_string()) throw InputError("\"__metadata__\" holds something besides text");
    metadata_[key] = value.get<std::string>();
  }
}

SafetensorsFile::Tensor SafetensorsFile::parse_tensor(const Json& entry) {
  const std::string dtype = string_field(entry, "dtype");
  if (dtype != "F32" && dtype != "F16") {
    throw InputError("it has dtype " + quoted(dtype) + ", expected F32 or F16");
  }
  Tensor tensor;
  tensor.half = dtype == "F16";
  std::uint64_t n_bytes = tensor.half ? sizeof(Eigen::half) : sizeof(float);
  for (const Json& json : array_field(entry, "shape")) {
    const std::uint64_t size = whole_number(json, kMaxDimension);
    tensor.shape.push_back(static_cast<Eigen::Index>(size));
    n_bytes = std::min(n_bytes, kMaxFileBytes) * size;
  }
  const Json& offsets = array_field(entry, "data_offsets");
  if (offsets.size() != 2) throw InputError("bad offsets in the header");
  tensor.begin = whole_number(offsets[0], kMaxFileBytes);
  tensor.end = whole_number(offsets[1], kMaxFileBytes);
  if (tensor.end < tensor.begin || tensor.end - tensor.begin != n_bytes) {
    throw InputError("offsets and shape disagree");
  }
  return tensor;
}

void SafetensorsFile::require_no_holes(std::uint64_t data_bytes) const {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  for (const auto& [name, tensor] : tensors_) ranges.emplace_back(tensor.begin, tensor.end);
  std::sort(ranges.begin(), ranges.end());
  std::uint64_t at = 0;
  for (const auto& [begin, end] : ranges) {
    if (begin != at) throw InputError("tensors overlap or leave holes");
    at = end;
  }
  if (at > data_bytes) throw InputError("it is truncated");
  if (at < data_bytes) throw InputError("bytes follow the last tensor");
}

const std::string& SafetensorsFile::metadata(const std::string& key) const {
  const auto found = metadata_.find(key);
  if (found == metadata_.end()) throw InputError("\"__metadata__\" has no \"" + key + "\"");
  return found->second;
}

void SafetensorsFile::require_only(const std::vector<std::string>& names) const {
  for (const auto& [name, tensor] : tensors_) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      throw InputError("tensor " + quoted(name) + " belongs to no layer");
    }
  }
}

Matrix SafetensorsFile::read_matrix(const std::string& name, Eigen::Index n_rows,
                                    Eigen::Index n_columns) {
  const Tensor& tensor = find(name, {n_rows, n_columns});
  Matrix matrix(n_rows, n_columns);
  read(name, tensor, matrix.data());
  return matrix;
}

RowVector SafetensorsFile::read_vector(const std::string& name, Eigen::Index n_columns) {
  const Tensor& tensor = find(name, {n_columns});
  RowVector vector(n_columns);
  read(name, tensor, vector.data());
  return vector;
}

const SafetensorsFile::Tensor& SafetensorsFile::find(const std::string& name,
                                                     const std::vector<Eigen::Index>& shape) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) throw InputError("tensor " + quoted(name) + " is missing");
  if (found->second.shape != shape) {
    throw InputError("tensor " + quoted(name) + " has shape " + to_text(found->second.shape) +
                     ", expected " + to_text(shape));
  }
  return found->second;
}

void SafetensorsFile::read(const std::string& name, const Tensor& tensor, float* values) {
  const auto n_bytes = static_cast<std::streamsize>(tensor.end - tensor.begin);
  const auto read_into = [&](void* to) {
    file_.seekg(static_cast<std::streamoff>(data_begin_ + tensor.begin));
    if (!file_.read(static_cast<char*>(to), n_bytes)) {
      throw InputError("reading tensor " + quoted(name) + " failed");
    }
  };
  float* end = values;
  if (tensor.half) {
    std::vector<Eigen::half> halves(static_cast<std::size_t>(n_bytes) / sizeof(Eigen::half));
    read_into(halves.data());
    end = std::copy(halves.begin(), halves.end(), values);
  } else {
    read_into(values);
    end += static_cast<std::size_t>(n_bytes) / sizeof(float);
  }
  if (!std::all_of(values, end, [](float value) { return std::isfinite(value); })) {
    throw InputError("tensor " + quoted(name) + " holds values that are not finite");
  }
}

}  // namespace fyr
