# SPDX-License-Identifier: GPL-3.0-or-later
# The library may become part of a shared one, a plug-in say, whose functions nobody replaces.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
add_compile_options(-fno-semantic-interposition)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  # At -O3 GCC 12 moves pairs of ints through MMX registers and does not tidy up: what computes with
  # long double after that, as <random> does, gets NaN.
  add_compile_options(-mno-mmx)
endif()
