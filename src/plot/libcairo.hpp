// SPDX-License-Identifier: GPL-3.0-or-later

/// The functions of libcairo that the plot needs.
#pragma once

#include <cairo/cairo-svg.h>
#include <cairo/cairo.h>

#include "shared_library.hpp"

namespace fyr {

/// Named like the library's functions, without their `cairo_`.
struct Cairo {
  SharedLibrary library{FYR_LIBCAIRO};
  FYR_LIBRARY_FUNCTION(cairo_, arc);
  FYR_LIBRARY_FUNCTION(cairo_, create);
  FYR_LIBRARY_FUNCTION(cairo_, destroy);
  FYR_LIBRARY_FUNCTION(cairo_, fill);
  FYR_LIBRARY_FUNCTION(cairo_, fill_preserve);
  FYR_LIBRARY_FUNCTION(cairo_, image_surface_create);
  FYR_LIBRARY_FUNCTION(cairo_, line_to);
  FYR_LIBRARY_FUNCTION(cairo_, move_to);
  FYR_LIBRARY_FUNCTION(cairo_, paint);
  FYR_LIBRARY_FUNCTION(cairo_, select_font_face);
  FYR_LIBRARY_FUNCTION(cairo_, set_dash);
  FYR_LIBRARY_FUNCTION(cairo_, set_font_size);
  FYR_LIBRARY_FUNCTION(cairo_, set_line_width);
  FYR_LIBRARY_FUNCTION(cairo_, set_source_rgba);
  FYR_LIBRARY_FUNCTION(cairo_, show_text);
  FYR_LIBRARY_FUNCTION(cairo_, status);
  FYR_LIBRARY_FUNCTION(cairo_, status_to_string);
  FYR_LIBRARY_FUNCTION(cairo_, stroke);
  FYR_LIBRARY_FUNCTION(cairo_, surface_destroy);
  FYR_LIBRARY_FUNCTION(cairo_, surface_finish);
  FYR_LIBRARY_FUNCTION(cairo_, surface_status);
  FYR_LIBRARY_FUNCTION(cairo_, surface_write_to_png_stream);
  FYR_LIBRARY_FUNCTION(cairo_, svg_surface_create_for_stream);
};

/// Loads it at the first call. Throws OutputError if it is not installed.
inline const Cairo& cairo() {
  static const Cairo functions;
  return functions;
}

}  // namespace fyr
