// SPDX-License-Identifier: GPL-3.0-or-later
#include <bit>
#include <ostream>
#include <string>

#include "fyr/writers.hpp"

namespace fyr {

static_assert(std::endian::native == std::endian::little, "the files fyr writes are little-endian");

void write_npy(const Matrix& matrix, std::ostream& out) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" +
                       std::to_string(matrix.rows()) + ", " + std::to_string(matrix.cols()) +
                       "), }";
  // Magic (6), version (2) and length (2) plus header must be a multiple of 64, ending in a
  // newline.
  const std::size_t unpadded = 10 + header.size() + 1;
  header.append((64 - unpadded % 64) % 64, ' ');
  header += '\n';
  out.write("\x93NUMPY\x01\x00", 8);
  out.put(static_cast<char>(header.size() & 0xFF));
  out.put(static_cast<char>(header.size() >> 8));
  out << header;
  out.write(reinterpret_cast<const char*>(matrix.data()),
            static_cast<std::streamsize>(matrix.size() * Eigen::Index{sizeof(float)}));
}

}  // namespace fyr
