// SPDX-License-Identifier: GPL-3.0-or-later

/// Reader for safetensors files that hold floats of 32 or 16 bits (IEEE 754 binary32, binary16).
///
/// Layout (https://github.com/huggingface/safetensors, README, "Format"): the header's length in
/// bytes as a little-endian 64-bit number; the header, a JSON object that maps each tensor's name
/// to its dtype, shape and byte range, and "__metadata__" to an object of strings; the tensors'
/// bytes, row-major, little-endian, without holes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "fyr/matrix.hpp"
#include "model/json_fields.hpp"

namespace fyr {

class SafetensorsFile {
 public:
  /// Reads the header and checks the whole tensor table against the file's size; reads no tensor.
  /// Throws InputError with cause and remedy, without the file's name.
  explicit SafetensorsFile(const std::filesystem::path& path);

  /// The text stored under `key` in "__metadata__".
  /// Throws InputError if there is none.
  const std::string& metadata(const std::string& key) const;

  /// Throws InputError, naming it, if the file holds a tensor that is not one of `names`.
  void require_only(const std::vector<std::string>& names) const;

  /// Reads a matrix of exactly that shape.
  /// Throws InputError naming the tensor if it is missing, has another shape or is not finite.
  Matrix read_matrix(const std::string& name, Eigen::Index n_rows, Eigen::Index n_columns);
  /// Reads a vector of exactly that length; throws like read_matrix.
  RowVector read_vector(const std::string& name, Eigen::Index n_columns);

 private:
  struct Tensor {
    bool half = false;  ///< F16, else F32.
    std::vector<Eigen::Index> shape;
    std::uint64_t begin = 0;  ///< First byte, counted from the end of the header.
    std::uint64_t end = 0;    ///< One past the last byte.
  };

  void read_header(std::uint64_t file_bytes);
  void read_metadata(const Json& entries);
  static Tensor parse_tensor(const Json& entry);
  void require_no_holes(std::uint64_t data_bytes) const;
  /// The tensor, which must have that shape: nothing is allocated for one that has not.
  const Tensor& find(const std::string& name, const std::vector<Eigen::Index>& shape) const;
  void read(const std::string& name, const Tensor& tensor, float* values);

  std::ifstream file_;
  std::uint64_t data_begin_ = 0;
  std::map<std::string, Tensor> tensors_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace fyr
