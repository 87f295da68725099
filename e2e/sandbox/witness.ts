/**
 * What a snippet finds around it, in one text: state of the library, of the interpreter, of files, randomness, clock
 * and addresses. Run after anything hostile it must read to the letter as in a new worker.
 */
import { py } from "./attack";

export const witness = py`
import builtins, codecs, copyreg, decimal, functools, gc, itertools, json, linecache, math, os, random, re
import sys, time, warnings, collections, fractions, statistics, string, weakref, zlib
def state():
    yield sorted(sys.modules)
    yield sorted(globals())
    for m in (builtins, math, random, json, re, sys, os, string, functools, itertools, collections, codecs):
        yield m.__name__, len(vars(m)), [k for k in sorted(vars(m)) if not k.startswith('_')][:400]
    yield math.pi, len('abc'), sum([1, 2]), sorted([3, 1]), json.dumps({'a': [1, None]}), json.loads('[1]')
    yield hash('a'), random.random(), random.getrandbits(64), os.urandom(4), time.time(), time.perf_counter_ns()
    yield object(), state, id(state), lambda: 0, {str(i) for i in range(9)}
    yield decimal.getcontext(), decimal.Decimal(1) / 3, fractions.Fraction(1, 3), statistics.mean([1, 2])
    yield sys.meta_path, sys.path, sys.path_hooks, sorted(sys.path_importer_cache), sys.flags, sys.int_info
    yield sys.gettrace(), sys.getprofile(), sys.get_int_max_str_digits(), sys.getrecursionlimit(), sys.getswitchinterval()
    yield [sys.monitoring.get_tool(i) for i in range(6)], sys.excepthook, sys.displayhook, sys.stdout, sys.stderr
    yield gc.isenabled(), gc.get_threshold(), gc.callbacks, gc.get_debug(), len(gc.get_objects()), gc.get_stats()
    yield os.getcwd(), dict(os.environ), os.listdir('/'), os.listdir('/tmp'), os.listdir('/dev'), os.listdir('/lib')
    yield os.listdir('/proc/self/fd'), [os.fstat(fd) for fd in range(3)], os.stat('/lib/python314.zip'), os.umask(0)
    import fcntl
    yield [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in range(3)]
    with open('/lib/python314.zip', 'rb') as library: yield zlib.crc32(library.read())
    yield warnings.filters, codecs.lookup('utf8'), copyreg.dispatch_table, linecache.cache
    yield re.compile('a+').findall('aab'), list(itertools.islice(itertools.count(), 3))
    yield sys.getrefcount(None), sys.getallocatedblocks(), [c.__name__ for c in object.__subclasses__()][-20:]
for part in state(): print(part)
`;
