# How every target of the project is compiled, and the two functions that the
# rooms use: handsel_room() makes a library and its test, handsel_library()
# finds a Debian library that ships no CMake package.

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# One binary runs on every x86-64, and one on every aarch64: no -march here. Hot
# kernels choose their instruction set at run time: AVX2 or AVX-512; NEON, which
# was tested under emulation and never timed. No contraction of a*b+c, so that
# scores are the same number on every machine.
add_compile_options(-Wall -Wextra -Wpedantic -Wno-missing-field-initializers -Wno-restrict -ffp-contract=off
                    -fno-omit-frame-pointer)
if(HANDSEL_SANITIZE)
  add_compile_options(-fsanitize=${HANDSEL_SANITIZE} -fno-sanitize-recover=all -g1)
  add_link_options(-fsanitize=${HANDSEL_SANITIZE})
endif()
if(HANDSEL_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(GTest REQUIRED)
include_directories(${CMAKE_SOURCE_DIR}/src)
# The heap of everything that is built here, the training module too: it is opened so that it prefers its own libraries,
# and what one heap gave no other takes back. Sanitizers bring their own.
if(NOT HANDSEL_SANITIZE)
  pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
  link_libraries(PkgConfig::JEMALLOC)
endif()

# handsel_room(views/index DEPENDS core text PRIVATE zstd)
# makes handsel_index from src/views/index/**.cc and handsel_index_test from its
# *_test.cc files. DEPENDS names rooms, LIBRARIES what Debian provides, MODULE a folder
# within that is none of the room's library but a module (handsel_module).
function(handsel_room path)
  cmake_parse_arguments(ROOM "" "MODULE" "DEPENDS;LIBRARIES;PROTOS" ${ARGN})
  get_filename_component(name ${path} NAME)
  set(root ${CMAKE_SOURCE_DIR}/src/${path})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${root}/*.cc)
  if(ROOM_MODULE)
    list(FILTER sources EXCLUDE REGEX "/${path}/${ROOM_MODULE}/")
  endif()
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(rooms "")
  foreach(dependency ${ROOM_DEPENDS})
    list(APPEND rooms handsel_${dependency})
  endforeach()
  if(NOT sources)
    add_library(handsel_${name} INTERFACE)
    target_link_libraries(handsel_${name} INTERFACE ${rooms} ${ROOM_LIBRARIES} fmt::fmt Threads::Threads)
    return()
  endif()
  add_library(handsel_${name} STATIC ${sources})
  target_link_libraries(handsel_${name} PUBLIC ${rooms} fmt::fmt Threads::Threads PRIVATE ${ROOM_LIBRARIES})
  if(ROOM_PROTOS AND EXISTS ${ROOM_PROTOS})
    find_package(Protobuf REQUIRED)
    protobuf_generate_cpp(proto_sources proto_headers ${ROOM_PROTOS})
    target_sources(handsel_${name} PRIVATE ${proto_sources} ${proto_headers})
    set_source_files_properties(${proto_sources} PROPERTIES COMPILE_OPTIONS -w)
    target_include_directories(handsel_${name} PUBLIC ${CMAKE_CURRENT_BINARY_DIR})
    target_link_libraries(handsel_${name} PUBLIC protobuf::libprotobuf)
  endif()
  set_property(GLOBAL APPEND PROPERTY HANDSEL_ROOMS handsel_${name})
  if(tests)
    add_executable(handsel_${name}_test ${tests})
    target_link_libraries(handsel_${name}_test PRIVATE handsel_${name} ${ROOM_LIBRARIES} GTest::gtest_main GTest::gmock)
    target_compile_definitions(handsel_${name}_test PRIVATE HANDSEL_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                               HANDSEL_BINARY_DIR="${CMAKE_BINARY_DIR}")
    add_test(NAME ${name} COMMAND handsel_${name}_test)
    handsel_own_folder(${name})
  endif()
endfunction()

# handsel_own_folder(engine)
# gives a test a folder of its own for what it writes, so that it may run beside another copy of itself, of another
# clone or build.
function(handsel_own_folder test)
  set(folder ${CMAKE_BINARY_DIR}/tmp/${test})
  file(MAKE_DIRECTORY ${folder})
  set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT TMPDIR=${folder} TEST_TMPDIR=${folder}/)
endfunction()

# handsel_module(handsel_trainer analysis/models/training)
# makes handsel_trainer.so beside the program from that folder. The program opens it
# when it is wanted (dlopen), so what it links costs nothing at start.
function(handsel_module name path)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${path}/*.cc)
  add_library(${name} MODULE ${sources})
  set_target_properties(${name} PROPERTIES PREFIX "" POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
                        LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
endfunction()
