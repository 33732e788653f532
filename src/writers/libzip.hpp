// SPDX-License-Identifier: GPL-3.0-or-later

/// The functions of libzip that packing and unpacking need.
#pragma once

#include <zip.h>

#include "shared_library.hpp"

namespace fyr {

/// Named like the library's functions, without their `zip_`.
struct LibZip {
  SharedLibrary library{FYR_LIBZIP};
  FYR_LIBRARY_FUNCTION(zip_, close);
  FYR_LIBRARY_FUNCTION(zip_, discard);
  FYR_LIBRARY_FUNCTION(zip_, error_init);
  FYR_LIBRARY_FUNCTION(zip_, error_strerror);
  FYR_LIBRARY_FUNCTION(zip_, fclose);
  FYR_LIBRARY_FUNCTION(zip_, file_add);
  FYR_LIBRARY_FUNCTION(zip_, file_set_dostime);
  FYR_LIBRARY_FUNCTION(zip_, fopen_index);
  FYR_LIBRARY_FUNCTION(zip_, fread);
  FYR_LIBRARY_FUNCTION(zip_, get_num_entries);
  FYR_LIBRARY_FUNCTION(zip_, open_from_source);
  FYR_LIBRARY_FUNCTION(zip_, source_buffer);
  FYR_LIBRARY_FUNCTION(zip_, source_buffer_create);
  FYR_LIBRARY_FUNCTION(zip_, source_close);
  FYR_LIBRARY_FUNCTION(zip_, source_error);
  FYR_LIBRARY_FUNCTION(zip_, source_free);
  FYR_LIBRARY_FUNCTION(zip_, source_keep);
  FYR_LIBRARY_FUNCTION(zip_, source_open);
  FYR_LIBRARY_FUNCTION(zip_, source_read);
  FYR_LIBRARY_FUNCTION(zip_, source_stat);
  FYR_LIBRARY_FUNCTION(zip_, stat_index);
  FYR_LIBRARY_FUNCTION(zip_, strerror);
};

/// Loads it at the first call. Throws OutputError if it is not installed.
inline const LibZip& libzip() {
  static const LibZip functions;
  return functions;
}

}  // namespace fyr
