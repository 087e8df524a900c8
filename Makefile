# The commands of the repository. On a fresh Debian 12 each of them installs what it
# needs first (scripts/setup, from packages.txt).

JOBS ?= $(shell nproc)
BUILD := build/release

.PHONY: help setup build demo test bench quality fuzz lint crash test-dev test-tsan clean

help:            ## this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*##/\t/' | expand -t 12

setup:
	@scripts/setup

build: setup     ## leaves the program at build/release/handsel
	@cmake --preset release >build.log 2>&1 || { cat build.log; exit 1; }; rm -f build.log
	@cmake --build $(BUILD) -j $(JOBS)

demo: build      ## a demo marketplace of 20,000 listings, served on this machine
	@scripts/demo

test: build      ## every test
	@ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS)

bench: setup     ## speed and memory, beside peers; writes docs/reference/measured.md
	@cmake --preset bench >/dev/null
	@cmake --build $(BUILD) -j $(JOBS)
	@scripts/bench

quality: setup   ## how good the results are: judged data, known truth; writes docs/reference/measured.md
	@cmake --preset bench >/dev/null
	@cmake --build $(BUILD) -j $(JOBS)
	@scripts/quality

fuzz: setup      ## every fuzz target, SECONDS each (default 600)
	@scripts/fuzz

crash: build     ## 200 times: kill -9 in the middle of a mixed load, then check everything
	@$(BUILD)/tests/handsel_tests_crash --rounds 200 --seed 1

lint: setup      ## formatting and clang-tidy
	@scripts/lint

test-dev: setup  ## the tests under address and undefined-behaviour sanitizers
	@cmake --preset dev >/dev/null && cmake --build build/dev -j $(JOBS) && ctest --test-dir build/dev --output-on-failure

test-tsan: setup ## the tests under the thread sanitizer
	@cmake --preset tsan >/dev/null && cmake --build build/tsan -j $(JOBS) \
	  && TSAN_OPTIONS=suppressions=$(CURDIR)/cmake/tsan.supp ctest --test-dir build/tsan --output-on-failure

clean:           ## removes what was built
	@rm -rf build web/dist
