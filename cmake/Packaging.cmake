# SPDX-License-Identifier: GPL-3.0-or-later
# `cmake --install` and the packages that cpack makes: a .deb that pulls its libraries, and a .tar.gz
# that works from any folder, as the program finds its model beside itself.
include(GNUInstallDirs)

install(TARGETS fyr RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${PROJECT_SOURCE_DIR}/models/drums.safetensors
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fyr OPTIONAL)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md
              ${PROJECT_SOURCE_DIR}/LICENSE TYPE DOC)
install(FILES ${PROJECT_SOURCE_DIR}/models/README.md TYPE DOC RENAME MODEL.md)

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME fyr)
set(CPACK_PACKAGE_VENDOR "the fyr project")
set(CPACK_PACKAGE_CONTACT "the fyr maintainers")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_PACKAGE_SECTION sound)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS musescore3)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
include(CPack)
