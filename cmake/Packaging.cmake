# SPDX-License-Identifier: GPL-3.0-or-later
# `cmake --install` and the packages that cpack makes: fyr.deb (program, model, man pages,
# completions) and fyr-dev.deb (library, headers), which pull what they need, and a .tar.gz of both
# that works from any folder, as the program finds its model beside itself.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME runtime)

install(TARGETS fyr RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${PROJECT_SOURCE_DIR}/models/drums.safetensors
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fyr)
# The documents that --help names, with all that they link to, beside each other as in the sources.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs TYPE DOC
        FILES_MATCHING PATTERN "*.md" PATTERN "*.json" PATTERN "*.png")
install(PROGRAMS ${PROJECT_SOURCE_DIR}/scripts/transcribe_folder.sh
                 ${PROJECT_SOURCE_DIR}/scripts/packages.sh
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/scripts)
foreach(document README.md CHANGELOG.md LICENSE ARCHITECTURE.md CONTRIBUTING.md CITATION.cff
                 benchmarks/README.md data/SOURCES.md examples/CMakeLists.txt examples/hits.cpp
                 models/README.md models/HISTORY.md models/training/ACCOMPANIMENT.md
                 models/training/features.json tests/formats/jams.schema.json)
  cmake_path(GET document PARENT_PATH folder)
  install(FILES ${PROJECT_SOURCE_DIR}/${document} DESTINATION ${CMAKE_INSTALL_DOCDIR}/${folder})
endforeach()

# Written by the program itself, so that they always fit it.
set(help_dir ${PROJECT_BINARY_DIR}/help)
add_custom_command(
  OUTPUT ${help_dir}/bash ${help_dir}/zsh ${help_dir}/fish ${help_dir}/man/fyr.1
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${help_dir}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${help_dir}
  COMMAND fyr man --force ${help_dir}/man
  COMMAND fyr completion bash > ${help_dir}/bash
  COMMAND fyr completion zsh > ${help_dir}/zsh
  COMMAND fyr completion fish > ${help_dir}/fish
  DEPENDS fyr
  COMMENT "Writing man pages and completions")
add_custom_target(fyr_help ALL DEPENDS ${help_dir}/man/fyr.1)
install(DIRECTORY ${help_dir}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${help_dir}/bash RENAME fyr
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
# Debian's zsh looks for those of packages elsewhere than for others; which it is, is known only
# when they are installed.
install(CODE "
  set(folder site-functions)
  if(CMAKE_INSTALL_PREFIX STREQUAL /usr)
    set(folder vendor-completions)
  endif()
  file(INSTALL ${help_dir}/zsh RENAME _fyr
       DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/zsh/\${folder}\")")
install(FILES ${help_dir}/fish RENAME fyr.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# The library: find_package(fyr), or pkg-config fyr.
set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/fyr)
install(TARGETS fyr_core EXPORT fyrTargets ARCHIVE COMPONENT dev
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/fyr ${PROJECT_BINARY_DIR}/src/generated/fyr
        TYPE INCLUDE COMPONENT dev)
install(EXPORT fyrTargets NAMESPACE fyr:: DESTINATION ${config_dir} COMPONENT dev)
configure_package_config_file(
  cmake/fyrConfig.cmake.in ${PROJECT_BINARY_DIR}/fyrConfig.cmake
  INSTALL_DESTINATION ${config_dir} PATH_VARS CMAKE_INSTALL_DATADIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/fyrConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/fyrConfig.cmake ${PROJECT_BINARY_DIR}/fyrConfigVersion.cmake
        DESTINATION ${config_dir} COMPONENT dev)
file(RELATIVE_PATH FYR_PREFIX_FROM_PKGCONFIG ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig
     ${CMAKE_INSTALL_PREFIX})
get_target_property(FYR_DEFINITIONS fyr_core INTERFACE_COMPILE_DEFINITIONS)
list(TRANSFORM FYR_DEFINITIONS PREPEND -D)
list(JOIN FYR_DEFINITIONS " " FYR_DEFINITIONS)
configure_file(cmake/fyr.pc.in ${PROJECT_BINARY_DIR}/fyr.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/fyr.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
        COMPONENT dev)

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME fyr)
set(CPACK_PACKAGE_VENDOR "the fyr project")
set(CPACK_PACKAGE_CONTACT "the fyr maintainers")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL runtime dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PACKAGE_SECTION sound)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME fyr)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
# What is loaded later does not show in the program.
string(REPLACE ".so." "" loaded_packages "${FYR_LIBZIP}, ${FYR_LIBCAIRO}")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS ${loaded_packages})
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SUGGESTS "musescore3, ffmpeg")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME fyr-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
    "fyr (= ${PROJECT_VERSION}), libsndfile1-dev, libfftw3-dev, libsoxr-dev, libeigen3-dev, libtinyxml2-dev")
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "Writes down the drums of recordings as MuseScore scores")
set(CPACK_COMPONENT_DEV_DESCRIPTION "Library, headers and CMake package of fyr")
include(CPack)
