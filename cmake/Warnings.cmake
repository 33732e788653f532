# SPDX-License-Identifier: GPL-3.0-or-later
add_library(fyr_warnings INTERFACE)
target_compile_options(
  fyr_warnings
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wdouble-promotion
            -Wold-style-cast -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # At -O3 GCC 12 takes each "text" + std::string for a copy onto itself (GCC bug 105651).
  target_compile_options(fyr_warnings INTERFACE $<$<CONFIG:Release>:-Wno-restrict>)
endif()
if(FYR_WARNINGS_AS_ERRORS)
  target_compile_options(fyr_warnings INTERFACE -Werror)
endif()

if(FYR_SANITIZE)
  # GCC sees uninitialised memory in the standard library's <regex> once it is instrumented.
  target_compile_options(fyr_warnings INTERFACE -Wno-maybe-uninitialized)
  target_compile_options(fyr_warnings INTERFACE -fsanitize=${FYR_SANITIZE}
                                                -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(fyr_warnings INTERFACE -fsanitize=${FYR_SANITIZE})
endif()
