// SPDX-License-Identifier: GPL-3.0-or-later

/// The functions of libcairo that the plot needs.
#pragma once

#include <cairo/cairo-svg.h>
#include <cairo/cairo.h>

#include "shared_library.hpp"

#define FYR_FUNCTION(name) \
  decltype(&cairo_##name) name = library.find<decltype(cairo_##name)>("cairo_" #name)

namespace fyr {

/// Named like the library's functions, without their `cairo_`.
struct Cairo {
  SharedLibrary library{FYR_LIBCAIRO};
  FYR_FUNCTION(arc);
  FYR_FUNCTION(create);
  FYR_FUNCTION(destroy);
  FYR_FUNCTION(fill);
  FYR_FUNCTION(fill_preserve);
  FYR_FUNCTION(image_surface_create);
  FYR_FUNCTION(line_to);
  FYR_FUNCTION(move_to);
  FYR_FUNCTION(paint);
  FYR_FUNCTION(select_font_face);
  FYR_FUNCTION(set_dash);
  FYR_FUNCTION(set_font_size);
  FYR_FUNCTION(set_line_width);
  FYR_FUNCTION(set_source_rgba);
  FYR_FUNCTION(show_text);
  FYR_FUNCTION(status);
  FYR_FUNCTION(status_to_string);
  FYR_FUNCTION(stroke);
  FYR_FUNCTION(surface_destroy);
  FYR_FUNCTION(surface_finish);
  FYR_FUNCTION(surface_status);
  FYR_FUNCTION(surface_write_to_png_stream);
  FYR_FUNCTION(svg_surface_create_for_stream);
};

/// Loads it at the first call. Throws OutputError if it is not installed.
inline const Cairo& cairo() {
  static const Cairo functions;
  return functions;
}

}  // namespace fyr

#undef FYR_FUNCTION
