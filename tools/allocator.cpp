// How jemalloc, which the released programs use (a sixth less CPU in an import), takes memory from
// the system. Read by it before main(); MALLOC_CONF in the environment overrides it.
extern "C" {
extern const char* malloc_conf;

#ifdef BIHUAN_RUNS_ONCE
// A command is over in a second, and the first touch of a page is what it pays for: of a huge one
// most, since a virtual machine's host has taken it away meanwhile. What is given back is kept for
// the next who asks: small pieces that are mapped one by one cost a call each
// (docs/PERFORMANCE.md, "Auditing").
const char* malloc_conf = "thp:never,retain:true";
#else
// A server's facts and states are hundreds of megabytes that are walked in no order: huge pages, for
// small ones cost a third and more of a report's time. What it gives back it gives back whole:
// address space that is kept for later ("retain") is filled again with huge pages by the kernel,
// though nothing is in it (docs/SERVER_LOAD.md).
const char* malloc_conf = "thp:always,retain:false";
#endif
}
