// SPDX-License-Identifier: GPL-3.0-or-later

/// The functions of libzip that packing and unpacking need.
#pragma once

#include <zip.h>

#include "shared_library.hpp"

#define FYR_FUNCTION(name) \
  decltype(&zip_##name) name = library.find<decltype(zip_##name)>("zip_" #name)

namespace fyr {

/// Named like the library's functions, without their `zip_`.
struct LibZip {
  SharedLibrary library{FYR_LIBZIP};
  FYR_FUNCTION(close);
  FYR_FUNCTION(discard);
  FYR_FUNCTION(error_init);
  FYR_FUNCTION(error_strerror);
  FYR_FUNCTION(fclose);
  FYR_FUNCTION(file_add);
  FYR_FUNCTION(file_set_dostime);
  FYR_FUNCTION(fopen_index);
  FYR_FUNCTION(fread);
  FYR_FUNCTION(get_num_entries);
  FYR_FUNCTION(open_from_source);
  FYR_FUNCTION(source_buffer);
  FYR_FUNCTION(source_buffer_create);
  FYR_FUNCTION(source_close);
  FYR_FUNCTION(source_error);
  FYR_FUNCTION(source_free);
  FYR_FUNCTION(source_keep);
  FYR_FUNCTION(source_open);
  FYR_FUNCTION(source_read);
  FYR_FUNCTION(source_stat);
  FYR_FUNCTION(stat_index);
  FYR_FUNCTION(strerror);
};

/// Loads it at the first call. Throws OutputError if it is not installed.
inline const LibZip& libzip() {
  static const LibZip functions;
  return functions;
}

}  // namespace fyr

#undef FYR_FUNCTION
