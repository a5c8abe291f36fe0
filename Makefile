# fineset: see README.md.  `make demo` and `make check` install what they need; everything is built in build/.
VERSION = 0.1.0
PREFIX = /usr/local
BUILD = build

CC = gcc
PKGS = libcurl libxml-2.0 jansson libcrypto
TEST_PKGS = cmocka libmicrohttpd
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wformat=2 -Wswitch-enum -Wnull-dereference -Werror
OPTIMISE = -O2
CFLAGS = -g $(OPTIMISE)
LDFLAGS =

ifdef SAN
BUILD := $(BUILD)/san
OPTIMISE = -O1
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif

ALL_CPPFLAGS = -Iinclude -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -D_FILE_OFFSET_BITS=64 \
	-DFINESET_VERSION='"$(VERSION)"' $(CPPFLAGS)
ALL_CFLAGS = -std=c11 -pthread $(WARNINGS) $(SANITIZE) $(CFLAGS)
pkg = $(shell pkg-config $(1) $(2) 2>/dev/null)
CFLAGS_PKGS := $(subst -I,-isystem ,$(call pkg,--cflags,$(PKGS)))
LIBS := $(call pkg,--libs,$(PKGS))

LIB_SRC := $(wildcard pipeline/*/*.c fetchers/*.c scoring/*.c)
BIN_SRC := $(wildcard pipeline/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
BIN_OBJ := $(BIN_SRC:%.c=$(BUILD)/%.o)
UNIT := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))

.PHONY: all deps demo check unit cli lint bench install clean
.DELETE_ON_ERROR:

all: $(BUILD)/fineset

$(BUILD)/fineset: $(BIN_OBJ) $(BUILD)/libfineset.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/libfineset.a: $(LIB_OBJ)
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(CFLAGS_PKGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Test programs see the headers of include/ only, as any caller does.
$(BUILD)/tests/unit/%: tests/unit/%.c $(BUILD)/libfineset.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(CFLAGS_PKGS) $(ALL_CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $< $(BUILD)/libfineset.a \
	    $(LIBS) $(call pkg,--libs,cmocka)

$(BUILD)/apiserver: $(wildcard tests/apiserver/*.c tests/apiserver/*.h) $(BUILD)/libfineset.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(CFLAGS_PKGS) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(wildcard tests/apiserver/*.c) \
	    $(BUILD)/libfineset.a $(LIBS) $(call pkg,--libs,libmicrohttpd)

unit: $(UNIT)
	@for t in $(UNIT); do $$t || exit 1; done

clean:
	rm -rf build demo

-include $(LIB_OBJ:.o=.d) $(BIN_OBJ:.o=.d) $(UNIT:%=%.d)
