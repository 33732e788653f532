# SPDX-License-Identifier: GPL-3.0-or-later
# Every third-party package, from the system. README.md lists the Debian names.
find_package(Threads REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(CLI11 2.1 REQUIRED)
find_package(tinyxml2 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)

# These ship pkg-config files only.
find_package(PkgConfig REQUIRED)
pkg_check_modules(sndfile REQUIRED IMPORTED_TARGET sndfile>=1.1)
pkg_check_modules(fftw3f REQUIRED IMPORTED_TARGET fftw3f)
pkg_check_modules(soxr REQUIRED IMPORTED_TARGET soxr)
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(cairo REQUIRED IMPORTED_TARGET cairo cairo-svg cairo-png)

if(FYR_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()
if(FYR_BUILD_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()
