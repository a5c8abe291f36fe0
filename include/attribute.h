#ifndef FINESET_ATTRIBUTE_H
#define FINESET_ATTRIBUTE_H

/* What the compiler is asked to check at each call. */
#define MUST_CHECK __attribute__((warn_unused_result))
#define NORETURN __attribute__((noreturn))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

#endif
