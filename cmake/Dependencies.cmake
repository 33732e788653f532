# SPDX-License-Identifier: GPL-3.0-or-later
# Every third-party package, from the system. README.md lists the Debian names.
find_package(Threads REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(CLI11 2.1 REQUIRED)
find_package(tinyxml2 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(tomlplusplus REQUIRED)

# These ship pkg-config files only.
find_package(PkgConfig REQUIRED)
pkg_check_modules(sndfile REQUIRED IMPORTED_TARGET sndfile>=1.1)
pkg_check_modules(fftw3f REQUIRED IMPORTED_TARGET fftw3f)
pkg_check_modules(soxr REQUIRED IMPORTED_TARGET soxr)

# Loaded by the name that programs linked with them would ask for.
pkg_check_modules(libzip REQUIRED libzip)
pkg_check_modules(cairo REQUIRED cairo cairo-svg cairo-png)
function(find_soname variable library folders)
  find_library(path_of_${library} ${library} HINTS ${folders} REQUIRED)
  execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${path_of_${library}} OUTPUT_VARIABLE headers
                  COMMAND_ERROR_IS_FATAL ANY)
  if(NOT headers MATCHES "SONAME +([^ \n]+)")
    message(FATAL_ERROR "${path_of_${library}} is no shared library")
  endif()
  set(${variable} ${CMAKE_MATCH_1} PARENT_SCOPE)
endfunction()
find_soname(FYR_LIBZIP zip "${libzip_LIBRARY_DIRS}")
find_soname(FYR_LIBCAIRO cairo "${cairo_LIBRARY_DIRS}")

if(FYR_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()
if(FYR_BUILD_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()
