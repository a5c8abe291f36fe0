# fineset: see README.md.  Everything is built in build/ (build/san with SAN=1).
VERSION = 0.1.0
PREFIX = /usr/local
DESTDIR =
BUILD = build
# V=1 shows each command.
Q = $(if $(V),,@)
say = $(if $(V),,@echo "  $(1) $@")

CC = gcc
PKGS = libcurl libxml-2.0 jansson libcrypto libzstd
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wformat=2 -Wswitch-enum -Wnull-dereference -Werror
OPTIMISE = -O3
# The program is optimised as a whole: a merge is a tenth faster.  The objects hold machine code, too, for the tests to link.
LTO = $(if $(findstring gcc,$(CC)),-flto=auto -ffat-lto-objects)
NO_LTO = $(if $(LTO),-fno-lto)
CFLAGS = -g $(OPTIMISE)
LDFLAGS =

ifdef SAN
override BUILD := $(BUILD)/san
OPTIMISE = -O1
LTO =
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
ifdef TSAN
override BUILD := $(BUILD)/tsan
OPTIMISE = -O1
LTO =
SANITIZE = -fsanitize=thread -fno-omit-frame-pointer
endif

# What the fuzz targets need; libFuzzer comes with clang.
ifdef FUZZ
override BUILD := $(BUILD)/fuzz
CC = clang
OPTIMISE = -O1
CPPFLAGS += -DLINES_BLOCK_BYTES=256
SANITIZE = -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif

ALL_CPPFLAGS = -Iinclude -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE -D_FILE_OFFSET_BITS=64 \
	-DFINESET_VERSION='"$(VERSION)"' $(CPPFLAGS)
ALL_CFLAGS = -std=c11 -pthread $(WARNINGS) $(SANITIZE) $(CFLAGS)
# Headers of libraries are none of our warnings.
cflags = $(subst -I,-isystem ,$(shell pkg-config --cflags $(1) 2>/dev/null))
libs = $(shell pkg-config --libs $(1) 2>/dev/null)
PKG_CFLAGS := $(call cflags,$(PKGS))
LIBS := $(call libs,$(PKGS)) -lm

# All but main.c, so that a test may call anything.
LIB_SRC := $(filter-out pipeline/main.c,$(wildcard pipeline/*.c pipeline/*/*.c fetchers/*.c scoring/*.c))
LIB_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(LIB_SRC)) $(BUILD)/report_part.o
BIN_OBJ := $(BUILD)/pipeline/main.o
SERVER_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/apiserver/*.c))
FAULT = $(BUILD)/tests/fault/fault.so
UNIT := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
BENCH := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*.c))
ANALYZED = $(LIB_SRC) pipeline/main.c $(wildcard tests/*/*.c)
SOURCES = $(wildcard include/*.h pipeline/*.c pipeline/*/*.c fetchers/*.c scoring/*.c tests/*/*.[ch])

# report.html: its scripts, one behind the other, share one scope.
REPORT = pipeline/publish/report
REPORT_HEAD := $(patsubst %,$(REPORT)/%.js,dom panels)
REPORT_BODY := $(patsubst %,$(REPORT)/%.js,data view charts table paper main)

.PHONY: all deps demo run-demo check run-check unit cli lint run-lint analyze run-analyze cppcheck bench memcheck memcheck-unit memcheck-cli threads run-bench \
	fuzz run-fuzz fuzz-smoke run-smoke install clean $(ANALYZED:%=clang-%) $(ANALYZED:%=analyze-%)
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BUILD)/fineset

# The targets that people start with install what is missing first, and then read this file again with it.
deps:
	@tests/deps build

demo:
	@tests/deps demo
	@$(MAKE) --no-print-directory run-demo

check:
	@tests/deps check
	@$(MAKE) --no-print-directory run-check

lint:
	@tests/deps lint
	@$(MAKE) --no-print-directory run-lint

run-demo: $(BUILD)/fineset $(BUILD)/apiserver
	@tests/demo $(BUILD)/fineset $(BUILD)/apiserver demo

run-check: unit cli

unit: $(UNIT)
	@for test in $(UNIT); do $$test || exit 1; done

# Three at a time: some of them wait.
cli: $(BUILD)/fineset $(BUILD)/apiserver $(FAULT) $(BENCH)
	FINESET=$(CURDIR)/$(BUILD)/fineset APISERVER=$(CURDIR)/$(BUILD)/apiserver FAULT=$(CURDIR)/$(FAULT) \
	    SAN=$(SAN) prove -j3 tests/cli

run-lint:
	tests/layers
	shellcheck tests/deps tests/demo tests/layers tests/memcheck tests/fuzz/run .ci/run cron/refresh cron/install
	@clang-format --dry-run -Werror $(SOURCES)
	@$(MAKE) --no-print-directory -k $(ANALYZED:%=clang-%)

# clang's warnings alone: `make fuzz-smoke` builds with it.
$(ANALYZED:%=clang-%): clang-%: %
	$(Q)clang $(ALL_CPPFLAGS) $(PKG_CFLAGS) $(ALL_CFLAGS) -fsyntax-only $<

# `make analyze`: what gcc, clang-tidy (.clang-tidy tells which checks and why not the others) and cppcheck find by reading.
# clang-tidy gets one file a call: given several, version 14 finds faults in a va_list that there are not.  Its walk through all
# paths is nine tenths of its time; tests are spared it: they run under sanitizers.
analyze:
	@tests/deps analyze
	@$(MAKE) --no-print-directory -k run-analyze

run-analyze: cppcheck $(ANALYZED:%=analyze-%)

cppcheck:
	cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr --enable=warning,performance,portability \
	    --suppress=missingIncludeSystem -Iinclude pipeline fetchers scoring tests

$(ANALYZED:%=analyze-%): analyze-%: %
	@echo "  ANALYZE $<"
	$(Q)gcc $(ALL_CPPFLAGS) $(PKG_CFLAGS) $(ALL_CFLAGS) -fanalyzer -c -o /dev/null $<
	$(Q)found=$$(clang-tidy --quiet $(if $(filter tests/%,$<),--checks='-clang-analyzer-*') $< -- $(ALL_CPPFLAGS) $(PKG_CFLAGS) $(ALL_CFLAGS) 2>&1) || { echo "$$found"; exit 1; }

# Files of CLI tests that do without valgrind: with a library of their own preloaded (crash, interrupted), under a limit of memory
# (hostile_limits), with thousands of runs or much input (audit_verify, bench, corpus, mixture, year), with another program (apiserver,
# cron).  The others run all commands on the same code.
UNCHECKED = crash interrupted hostile_limits audit_verify bench corpus mixture year apiserver cron
MEMCHECKED := $(filter-out $(UNCHECKED:%=tests/cli/%.t),$(wildcard tests/cli/*.t))

# `make memcheck`: unit tests and CLI tests under valgrind, in about half an hour.
memcheck:
	@tests/deps memcheck
	@$(MAKE) --no-print-directory memcheck-unit memcheck-cli

memcheck-unit: $(UNIT)
	@for test in $(UNIT); do echo "  $$test"; valgrind --quiet --error-exitcode=1 --leak-check=full \
	    --errors-for-leak-kinds=definite,indirect $$test >$(BUILD)/memcheck.log 2>&1 || { cat $(BUILD)/memcheck.log; exit 1; }; done

memcheck-cli: $(BUILD)/fineset $(BUILD)/apiserver
	@rm -rf $(BUILD)/memcheck && mkdir $(BUILD)/memcheck
	MEMCHECK_PROGRAM=$(CURDIR)/$(BUILD)/fineset MEMCHECK_LOGS=$(CURDIR)/$(BUILD)/memcheck FINESET=$(CURDIR)/tests/memcheck \
	    APISERVER=$(CURDIR)/$(BUILD)/apiserver SLOWNESS=20 prove -j2 $(MEMCHECKED)
	@! grep -rh '^==' $(BUILD)/memcheck

# `make TSAN=1 threads`: the tests in which threads run, under the thread sanitizer.
threads: $(patsubst %,$(BUILD)/tests/unit/test_%,team merge merge_order merge_worlds verify)
	@for test in $^; do $$test || exit 1; done

# `make fuzz T=jsonl` runs one target of tests/fuzz until it finds something; FUZZ_FLAGS go to libFuzzer.
fuzz:
	@tests/deps fuzz
	@$(MAKE) --no-print-directory FUZZ=1 run-fuzz

# A short run of each, always the same.
fuzz-smoke:
	@tests/deps fuzz
	@$(MAKE) --no-print-directory FUZZ=1 run-smoke

run-fuzz: $(BUILD)/fuzz_$(T)
	@tests/fuzz/run $< $(FUZZ_FLAGS)

run-smoke: $(FUZZERS:%=smoke-%)

smoke-%: $(BUILD)/fuzz_%
	@tests/fuzz/run $< smoke

bench:
	@tests/deps demo
	@$(MAKE) --no-print-directory run-bench

# tests/bench/run tells what the variables BENCH_RECORDS, BENCH_RUNS, BENCH_ROWS and BENCH_HUGE do.
run-bench: $(BENCH) $(BUILD)/fineset $(BUILD)/apiserver
	@CC='$(CC)' BENCH_RECORDS=$(BENCH_RECORDS) BENCH_RUNS=$(BENCH_RUNS) BENCH_ROWS='$(BENCH_ROWS)' BENCH_HUGE=$(BENCH_HUGE) \
	    tests/bench/run $(BUILD)

install: $(BUILD)/fineset
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BUILD)/fineset $(DESTDIR)$(PREFIX)/bin/fineset
	install -d $(DESTDIR)$(PREFIX)/share/fineset/cron
	install -m 755 cron/refresh cron/install $(DESTDIR)$(PREFIX)/share/fineset/cron
	install -m 644 cron/env.example cron/fineset.crontab cron/fineset.service cron/fineset.timer \
	    $(DESTDIR)$(PREFIX)/share/fineset/cron

clean:
	rm -rf build demo

$(LIB_OBJ) $(BIN_OBJ): ALL_CFLAGS += $(LTO)

$(BUILD)/fineset: $(BIN_OBJ) $(BUILD)/libfineset.a
	$(call say,LD)
	$(Q)$(CC) $(ALL_CFLAGS) $(LTO) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/libfineset.a: $(LIB_OBJ)
	$(call say,AR)
	@rm -f $@
	$(Q)$(if $(LTO),gcc-ar,ar) rcs $@ $^

$(BUILD)/%.o: %.c Makefile
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(PKG_CFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Files as one array of bytes.
array = { echo "static const unsigned char $(1)[] = {"; cat $(2) | od -An -v -tx1 | sed 's/[0-9a-f][0-9a-f]/0x&,/g'; \
	echo "};"; echo "const struct report_part report_part_$(1) = { (const char *)$(1), sizeof($(1)) };"; }

$(BUILD)/report_part.c: $(REPORT)/page.html $(REPORT)/style.css $(REPORT_HEAD) $(REPORT_BODY) Makefile
	$(call say,GEN)
	@mkdir -p $(@D)
	$(Q){ echo '#include "report_part.h"'; $(call array,page,$(REPORT)/page.html); $(call array,style,$(REPORT)/style.css); \
	    $(call array,head_script,$(REPORT_HEAD)); $(call array,body_script,$(REPORT_BODY)); } >$@

$(BUILD)/report_part.o: $(BUILD)/report_part.c
	$(call say,CC)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/apiserver: $(SERVER_OBJ) $(BUILD)/libfineset.a
	$(call say,LD)
	$(Q)$(CC) $(ALL_CFLAGS) $(NO_LTO) $(LDFLAGS) -o $@ $^ $(LIBS) $(call libs,libmicrohttpd)

# Preloaded into the program: see tests/fault/fault.c.  It must not bring a sanitizer of its own.
$(FAULT): tests/fault/fault.c
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(filter-out $(SANITIZE),$(ALL_CFLAGS)) -fPIC -shared -o $@ $<

# A test is one file and sees the headers of include/ only, as any caller does.
$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/libfineset.a
	$(call say,LD)
	$(Q)$(CC) $(ALL_CFLAGS) $(NO_LTO) $(LDFLAGS) -o $@ $^ $(LIBS) $(call libs,cmocka)

$(BUILD)/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/libfineset.a
	$(call say,LD)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(BUILD)/libfineset.a
	$(call say,LD)
	$(Q)$(CC) $(ALL_CFLAGS) $(LTO) $(LDFLAGS) -o $@ $^ $(LIBS)

-include $(LIB_OBJ:.o=.d) $(BIN_OBJ:.o=.d) $(SERVER_OBJ:.o=.d) $(UNIT:=.d) $(BENCH:=.d) $(FUZZERS:%=$(BUILD)/tests/fuzz/fuzz_%.d)
