/* fakecam.c: a V4L2 webcam without a kernel module. An LD_PRELOAD library that answers for /dev/videoN (open, ioctl, mmap,
 * poll, close), for the listing of /dev and for /sys/class/video4linux, out of a rig folder. It plays folders of real
 * pictures (JPEG or raw YUYV), does faults on command while the program runs, lets several processes open the same camera
 * with the ownership rules of the uvcvideo driver, and writes down who opened, streamed and released it.
 *
 *   gcc -O2 -Wall -shared -fPIC -o fakecam.so fakecam.c -ldl -lpthread
 *   FAKECAM=/path/to/rig LD_PRELOAD=/path/to/fakecam.so program
 *
 * The rig folder (mod.rs beside this file makes one and changes it live):
 *   dev/videoN               there = plugged in; removed = unplugged (a file made anew = another plug-in: old handles stay dead)
 *   dev/v4l/by-id/NAME       optional link to ../../videoN
 *   sys/videoN/name          what /sys/class/video4linux/videoN/name says
 *   videoN.conf              key=value lines, re-read whenever the file changes
 *   SET/MJPG-640x480/        pictures of one set, one format and size, in name order (SET/MJPG/ serves for any size)
 *   state/                   written by the library: videoN.lock (flock of the owner), videoN.fmt, videoN.start
 *   events.log               written by the library: EPOCH PID PROGRAM videoN EVENT
 * Keys of videoN.conf (relative paths start at the rig folder):
 *   card=NAME                node=video|meta      meta: the metadata node that real USB cameras have beside the picture node
 *   formats=MJPG:640x480@30;YUYV:640x480@30;YUYV:640x480@15/2       offered formats (15/2 = 7.5 fps)
 *   initial=GREY:640x480@30  the format the device is in at first (default: the first of formats; need not be an offered one)
 *   frames=SET               play=loop|once (once: hold the last picture)
 *   picture_fps=N            change pictures N times a second (0: with every frame)
 *   clock=stream|shared      where play starts: stream: anew at each STREAMON; shared: runs on from the first STREAMON of
 *                            all, through releases and other processes (touch state/videoN.start to rewind)
 *   fault=...                none | busy_open | eacces_open | busy_fmt | rescale | busy_on | nospace_on | stall | unplug | eio |
 *                            corrupt | truncate | empty | errflag | freeze | eio_off
 *        busy_open, eacces_open: open() fails       busy_fmt, busy_on: EBUSY, as when another program owns the camera
 *        rescale: S_FMT gives half the size         nospace_on: no USB bandwidth       stall: frames stop, no error
 *        unplug: ENODEV for good                    eio: DQBUF fails                    corrupt: rubbish in the frame
 *        truncate: a third of the frame, zeros      empty: bytesused 0, zeros           errflag: V4L2_BUF_FLAG_ERROR
 *        freeze: the same picture again and again   eio_off: STREAMOFF fails
 *   fault_after=N            streaming faults begin with frame N of the stream      fault_count=N  and last N frames (0: for ever)
 *   sfmt_resets_fps=1        S_FMT puts the frame rate back to the first of that format, as uvcvideo does
 *   trace=FILE               one line for every refused ioctl and every format change
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#define MAXCAM 16 /* open handles in this process */
#define MAXBUF 8
#define MAXFMT 32

struct fmt { uint32_t cc, w, h, num, den; }; /* num / den = seconds per frame */
enum { IDLE, QUEUED, DONE };
struct cam {
    int used, fd, num, flags, gone, meta;
    struct stat node; /* of dev/videoN at open: tells a new plug-in from the old one */
    struct fmt fmts[MAXFMT], cur;
    int nfmts, resets, once, shared;
    char card[32], fault[16], frames[512], trace[512];
    double picture_fps;
    long fault_after, fault_count, frozen;
    struct timespec conf_mtime; off_t conf_size;
    int lockfd, owner; /* flock on state/videoN.lock; owner: this handle has it */
    int memfd, nbufs; size_t bufsz; uint8_t *map;
    struct { int state; uint32_t bytes, flags, seq; uint64_t order; struct timeval ts; } b[MAXBUF];
    uint64_t order; long taken;
    int streaming, run; pthread_t thread; uint32_t seq; struct timespec t_on;
    struct { char dir[1200]; struct stat is; int n, stale; struct dirent **names; } list; /* the pictures of a folder; n < 0: none listed */
};
static struct cam C[MAXCAM];
static pthread_mutex_t L = PTHREAD_MUTEX_INITIALIZER;

#define REAL(ret, name, ...) static ret (*real_##name)(__VA_ARGS__); if (!real_##name) real_##name = dlsym(RTLD_NEXT, #name)
static int r_open(const char *p, int fl, mode_t m) { REAL(int, open, const char *, int, ...); return real_open(p, fl, m); }
static int r_close(int fd) { REAL(int, close, int); return real_close(fd); }

static const char *rig(void) { const char *r = getenv("FAKECAM"); return r && *r ? r : NULL; }
static void rpath(char *out, size_t n, const char *f, ...) { /* a path in the rig */
    char t[1024]; va_list a; va_start(a, f); vsnprintf(t, sizeof t, f, a); va_end(a);
    if (t[0] == '/') snprintf(out, n, "%s", t); else snprintf(out, n, "%s/%s", rig(), t);
}
static void put_line(const char *file, const char *text) {
    int fd = r_open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd >= 0) { if (write(fd, text, strlen(text)) < 0) {} r_close(fd); }
}
static void line(struct cam *c, const char *file, const char *f, va_list a) {
    char msg[700], all[1024], p[1200]; vsnprintf(msg, sizeof msg, f, a);
    struct timespec t; clock_gettime(CLOCK_REALTIME, &t);
    snprintf(all, sizeof all, "%ld.%03ld %d %s video%d %s\n", (long)t.tv_sec, t.tv_nsec / 1000000, (int)getpid(), program_invocation_short_name, c->num, msg);
    rpath(p, sizeof p, "%s", file); put_line(p, all);
}
static void event(struct cam *c, const char *f, ...) { va_list a; va_start(a, f); line(c, "events.log", f, a); va_end(a); }
static void trace(struct cam *c, const char *f, ...) { if (!c->trace[0]) return; va_list a; va_start(a, f); line(c, c->trace, f, a); va_end(a); }

/* ---- settings ---- */
static uint32_t fourcc(const char *s) { return v4l2_fourcc(s[0], s[1], s[2], s[3]); }
static int parse_fmt(const char *s, struct fmt *f) {
    char k[5] = {0}; unsigned w, h, r, d = 1;
    if (sscanf(s, "%4c:%ux%u@%u/%u", k, &w, &h, &r, &d) < 4 || !r || !d) return 0;
    *f = (struct fmt){fourcc(k), w, h, d, r}; return 1;
}
static void show_fmt(char *out, size_t n, const struct fmt *f) { snprintf(out, n, "%.4s:%ux%u@%u/%u", (const char *)&f->cc, f->w, f->h, f->den, f->num); }
static void load_conf(struct cam *c) {
    char p[1200]; rpath(p, sizeof p, "video%d.conf", c->num);
    struct stat st; if (stat(p, &st)) return;
    if (st.st_mtim.tv_sec == c->conf_mtime.tv_sec && st.st_mtim.tv_nsec == c->conf_mtime.tv_nsec && st.st_size == c->conf_size) return;
    FILE *f = fopen(p, "r"); if (!f) return;
    c->conf_mtime = st.st_mtim; c->conf_size = st.st_size;
    c->nfmts = c->resets = c->once = c->shared = c->meta = 0; c->fault_after = c->fault_count = 0; c->picture_fps = 0;
    strcpy(c->fault, "none"); strcpy(c->card, "Fake Camera"); c->frames[0] = c->trace[0] = 0;
    struct fmt initial = {0}; char s[2048];
    while (fgets(s, sizeof s, f)) {
        s[strcspn(s, "\r\n")] = 0; char *v = strchr(s, '='); if (!v || s[0] == '#') continue;
        *v++ = 0;
        if (!strcmp(s, "card")) snprintf(c->card, sizeof c->card, "%s", v);
        else if (!strcmp(s, "node")) c->meta = !strcmp(v, "meta");
        else if (!strcmp(s, "frames")) snprintf(c->frames, sizeof c->frames, "%s", v);
        else if (!strcmp(s, "play")) c->once = !strcmp(v, "once");
        else if (!strcmp(s, "picture_fps")) c->picture_fps = atof(v);
        else if (!strcmp(s, "clock")) c->shared = !strcmp(v, "shared");
        else if (!strcmp(s, "fault")) snprintf(c->fault, sizeof c->fault, "%s", v);
        else if (!strcmp(s, "fault_after")) c->fault_after = atol(v);
        else if (!strcmp(s, "fault_count")) c->fault_count = atol(v);
        else if (!strcmp(s, "sfmt_resets_fps")) c->resets = atoi(v);
        else if (!strcmp(s, "trace")) snprintf(c->trace, sizeof c->trace, "%s", v);
        else if (!strcmp(s, "initial")) parse_fmt(v, &initial);
        else if (!strcmp(s, "formats")) { char *sv, *q = strtok_r(v, ";", &sv); for (; q && c->nfmts < MAXFMT; q = strtok_r(NULL, ";", &sv)) if (parse_fmt(q, &c->fmts[c->nfmts])) c->nfmts++; }
    }
    fclose(f);
    if (strcmp(c->fault, "freeze")) c->frozen = -1;
    if (!c->cur.cc) { if (initial.cc) c->cur = initial; else if (c->nfmts) c->cur = c->fmts[0]; }
}
static int is_fault(struct cam *c, const char *f) { return !strcmp(c->fault, f); }
static int now_fault(struct cam *c, const char *f) { /* a fault of the running stream */
    return is_fault(c, f) && (long)c->seq >= c->fault_after && (!c->fault_count || (long)c->seq < c->fault_after + c->fault_count);
}
static int plugged(struct cam *c) {
    char p[1200]; rpath(p, sizeof p, "dev/video%d", c->num); struct stat st; REAL(int, stat, const char *, struct stat *);
    return !real_stat(p, &st) && st.st_ino == c->node.st_ino && st.st_mtim.tv_sec == c->node.st_mtim.tv_sec && st.st_mtim.tv_nsec == c->node.st_mtim.tv_nsec;
}
/* the format belongs to the device, not to the handle: every process sees the last one set */
static void fmt_save(struct cam *c) { char p[1200], s[64]; rpath(p, sizeof p, "state/video%d.fmt", c->num); show_fmt(s, sizeof s, &c->cur); int fd = r_open(p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666); if (fd >= 0) { if (write(fd, s, strlen(s)) < 0) {} r_close(fd); } }
static void fmt_load(struct cam *c) { char p[1200], s[64] = {0}; rpath(p, sizeof p, "state/video%d.fmt", c->num); int fd = r_open(p, O_RDONLY | O_CLOEXEC, 0); if (fd < 0) return; if (read(fd, s, sizeof s - 1) > 0) parse_fmt(s, &c->cur); r_close(fd); }
/* as in uvcvideo: the handle that first sets a format, asks for buffers or streams owns the camera until it frees its buffers or closes */
static int own(struct cam *c) {
    if (c->owner) return 0;
    if (flock(c->lockfd, LOCK_EX | LOCK_NB)) { event(c, "busy (another handle owns it)"); return EBUSY; }
    char s[16]; int n = snprintf(s, sizeof s, "%d\n", (int)getpid()); if (ftruncate(c->lockfd, 0) || pwrite(c->lockfd, s, n, 0) < 0) {}
    c->owner = 1; return 0;
}
static void disown(struct cam *c) { if (c->owner) { if (ftruncate(c->lockfd, 0)) {} flock(c->lockfd, LOCK_UN); } c->owner = 0; }

/* ---- pictures ---- */
static size_t img_size(const struct fmt *f) { return f->cc == V4L2_PIX_FMT_NV12 ? f->w * f->h * 3 / 2 : f->cc == V4L2_PIX_FMT_GREY ? f->w * f->h : f->w * f->h * 2; }
static double since(const struct timespec *t, clockid_t k) { struct timespec n; clock_gettime(k, &n); return (double)(n.tv_sec - t->tv_sec) + (n.tv_nsec - t->tv_nsec) / 1e9; }
static long picture_no(struct cam *c) {
    double rate = c->picture_fps > 0 ? c->picture_fps : (double)c->cur.den / c->cur.num;
    if (c->shared) { char p[1200]; rpath(p, sizeof p, "state/video%d.start", c->num); struct stat st; REAL(int, stat, const char *, struct stat *); if (!real_stat(p, &st)) { double e = since(&st.st_mtim, CLOCK_REALTIME); return e > 0 ? (long)(e * rate) : 0; } }
    return c->picture_fps > 0 ? (long)(since(&c->t_on, CLOCK_MONOTONIC) * rate) : (long)c->seq;
}
static int visible(const struct dirent *e) { return e->d_name[0] != '.'; }
static void unlist(struct cam *c) { for (int i = 0; i < c->list.n; i++) free(c->list.names[i]); free(c->list.names); c->list.names = NULL; c->list.n = -1; }
/* how many pictures there are in dir, listed anew only when the folder is another one or has changed; -1 without it */
static int list(struct cam *c, const char *dir) {
    struct stat st, *is = &c->list.is; REAL(int, stat, const char *, struct stat *); if (real_stat(dir, &st)) return -1;
    if (c->list.n >= 0 && !c->list.stale && !strcmp(dir, c->list.dir) && st.st_dev == is->st_dev && st.st_ino == is->st_ino && st.st_mtim.tv_sec == is->st_mtim.tv_sec && st.st_mtim.tv_nsec == is->st_mtim.tv_nsec) return c->list.n;
    unlist(c); snprintf(c->list.dir, sizeof c->list.dir, "%s", dir); *is = st;
    c->list.stale = since(&st.st_mtim, CLOCK_REALTIME) < 0.1; /* another change could have the same time: times are as coarse as the kernel's tick */
    return c->list.n = scandir(dir, &c->list.names, visible, alphasort);
}
static uint32_t load_picture(struct cam *c, uint8_t *dst, size_t max) {
    char dir[1200], p[1600]; uint32_t got = 0; int n = -1;
    if (c->frames[0]) {
        rpath(dir, sizeof dir, "%s/%.4s-%ux%u", c->frames, (char *)&c->cur.cc, c->cur.w, c->cur.h); n = list(c, dir);
        if (n < 0) { rpath(dir, sizeof dir, "%s/%.4s", c->frames, (char *)&c->cur.cc); n = list(c, dir); }
    }
    if (n <= 0) { /* no pictures: a flat grey that changes, for raw formats; nothing for MJPG */
        if (c->seq == 0) event(c, "no pictures for %.4s %ux%u", (char *)&c->cur.cc, c->cur.w, c->cur.h);
        if (c->cur.cc != V4L2_PIX_FMT_MJPEG) { got = (uint32_t)img_size(&c->cur); for (uint32_t i = 0; i + 1 < got; i += 2) { dst[i] = (uint8_t)(16 + c->seq * 5 % 200); dst[i + 1] = 128; } }
    } else {
        long i = picture_no(c);
        if (is_fault(c, "freeze") && now_fault(c, "freeze")) { if (c->frozen < 0) c->frozen = i; i = c->frozen; }
        i = c->once ? (i < n ? i : n - 1) : i % n;
        snprintf(p, sizeof p, "%s/%s", dir, c->list.names[i]->d_name);
        int fd = r_open(p, O_RDONLY | O_CLOEXEC, 0); if (fd >= 0) { ssize_t r; while (got < max && (r = read(fd, dst + got, max - got)) > 0) got += (uint32_t)r; r_close(fd); }
    }
    return got;
}

/* ---- the camera's clock ---- */
static void ring(struct cam *c) { uint64_t one = 1; if (write(c->fd, &one, 8) < 0) {} }
static void quiet(struct cam *c) { uint64_t v; if (read(c->fd, &v, 8) < 0) {} }
static int oldest(struct cam *c, int state) { int k = -1; for (int i = 0; i < c->nbufs; i++) if (c->b[i].state == state && (k < 0 || c->b[i].order < c->b[k].order)) k = i; return k; }
static void *pump(void *arg) {
    struct cam *c = arg; struct timespec next; clock_gettime(CLOCK_MONOTONIC, &next);
    for (;;) {
        pthread_mutex_lock(&L); uint64_t ns = 1000000000ull * c->cur.num / c->cur.den; pthread_mutex_unlock(&L);
        next.tv_nsec += (long)(ns % 1000000000); next.tv_sec += (time_t)(ns / 1000000000); if (next.tv_nsec >= 1000000000) { next.tv_nsec -= 1000000000; next.tv_sec++; }
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
        pthread_mutex_lock(&L);
        if (!c->run) { pthread_mutex_unlock(&L); return NULL; }
        load_conf(c);
        if (!c->gone && (!plugged(c) || now_fault(c, "unplug"))) { c->gone = 1; event(c, "unplugged (noticed while streaming, frame %u)", c->seq); }
        if (c->gone || now_fault(c, "eio")) ring(c); /* wakes poll(); DQBUF then says ENODEV or EIO */
        else if (!now_fault(c, "stall")) {
            int k = oldest(c, QUEUED);
            if (k >= 0) {
                uint8_t *p = c->map + (size_t)k * c->bufsz; uint32_t n = load_picture(c, p, c->bufsz), fl = 0;
                if (now_fault(c, "corrupt")) for (uint32_t i = n / 3; i < n / 3 + 400 && i < n; i++) p[i] = (uint8_t)((i - n / 3) * 37);
                if (now_fault(c, "truncate")) { memset(p + n / 3, 0, n - n / 3); n /= 3; }
                if (now_fault(c, "empty")) { memset(p, 0, n); n = 0; }
                if (now_fault(c, "errflag")) fl = V4L2_BUF_FLAG_ERROR;
                struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t);
                c->b[k].state = DONE; c->b[k].bytes = n; c->b[k].flags = fl; c->b[k].seq = c->seq; c->b[k].ts = (struct timeval){t.tv_sec, t.tv_nsec / 1000};
                ring(c);
            }
            c->seq++;
        } else if (c->fault_count) c->seq++; /* a stall of so many frames ends */
        pthread_mutex_unlock(&L);
    }
}

/* ---- the device ---- */
static struct cam *by_fd(int fd) { if (fd < 0) return NULL; for (int i = 0; i < MAXCAM; i++) if (C[i].used && C[i].fd == fd) return &C[i]; return NULL; }
static int cam_open(int num, int flags) {
    char p[1200]; struct stat st; REAL(int, stat, const char *, struct stat *); rpath(p, sizeof p, "dev/video%d", num);
    if (real_stat(p, &st)) { errno = ENOENT; return -1; }
    pthread_mutex_lock(&L);
    struct cam *c = NULL; for (int i = 0; i < MAXCAM && !c; i++) if (!C[i].used) c = &C[i];
    if (!c) { pthread_mutex_unlock(&L); errno = EMFILE; return -1; }
    memset(c, 0, sizeof *c); c->num = num; c->flags = flags; c->node = st; c->memfd = -1; c->frozen = -1; c->list.n = -1; c->trace[0] = 0;
    fmt_load(c); load_conf(c);
    int e = is_fault(c, "busy_open") ? EBUSY : is_fault(c, "eacces_open") ? EACCES : 0;
    if (e) { event(c, "open refused: %s", strerror(e)); pthread_mutex_unlock(&L); errno = e; return -1; }
    rpath(p, sizeof p, "state"); mkdir(p, 0777); rpath(p, sizeof p, "state/video%d.lock", num);
    c->lockfd = r_open(p, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    c->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); c->used = 1; event(c, "open");
    int fd = c->fd; pthread_mutex_unlock(&L); return fd;
}
static void stop(struct cam *c) { /* with L held */
    if (c->streaming) { c->run = c->streaming = 0; pthread_t t = c->thread; pthread_mutex_unlock(&L); pthread_join(t, NULL); pthread_mutex_lock(&L); event(c, "streamoff after %ld frames taken, %.3f s", c->taken, since(&c->t_on, CLOCK_MONOTONIC)); }
    for (int i = 0; i < MAXBUF; i++) c->b[i].state = IDLE;
    quiet(c);
}
static void unbuf(struct cam *c) { if (c->map) munmap(c->map, c->bufsz * (size_t)c->nbufs); c->map = NULL; if (c->memfd >= 0) r_close(c->memfd); c->memfd = -1; c->nbufs = 0; }
static int cam_close(struct cam *c) {
    pthread_mutex_lock(&L); stop(c); unbuf(c); unlist(c); event(c, "close"); disown(c); r_close(c->lockfd); int fd = c->fd; c->used = 0; int rc = r_close(fd); pthread_mutex_unlock(&L); return rc;
}
static void fill_pix(struct cam *c, struct v4l2_pix_format *p) {
    p->width = c->cur.w; p->height = c->cur.h; p->pixelformat = c->cur.cc; p->field = V4L2_FIELD_NONE; p->colorspace = V4L2_COLORSPACE_SRGB;
    p->bytesperline = c->cur.cc == V4L2_PIX_FMT_MJPEG ? 0 : c->cur.cc == V4L2_PIX_FMT_YUYV ? c->cur.w * 2 : c->cur.w; p->sizeimage = (uint32_t)img_size(&c->cur);
}
static void fill_buf(struct cam *c, struct v4l2_buffer *b, int i) {
    b->index = (uint32_t)i; b->length = (uint32_t)c->bufsz; b->m.offset = (uint32_t)(i * c->bufsz); b->memory = V4L2_MEMORY_MMAP; b->field = V4L2_FIELD_NONE;
    b->bytesused = c->b[i].bytes; b->timestamp = c->b[i].ts; b->sequence = c->b[i].seq;
    b->flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC | c->b[i].flags | (c->b[i].state == QUEUED ? V4L2_BUF_FLAG_QUEUED : c->b[i].state == DONE ? V4L2_BUF_FLAG_DONE : 0);
}
static int same_size(struct fmt *a, uint32_t cc, uint32_t w, uint32_t h) { return a->cc == cc && a->w == w && a->h == h; }
/* the n-th different entry of the offered formats, by fourcc (level 0), by size of one fourcc (1), by rate of one size (2) */
static int nth(struct cam *c, int level, uint32_t n, uint32_t cc, uint32_t w, uint32_t h) {
    uint32_t k = 0;
    for (int i = 0; i < c->nfmts; i++) {
        struct fmt *f = &c->fmts[i]; int dup = 0;
        if ((level > 0 && f->cc != cc) || (level > 1 && !same_size(f, cc, w, h))) continue;
        if (level < 2) for (int j = 0; j < i; j++) if (c->fmts[j].cc == f->cc && (level == 0 || same_size(f, c->fmts[j].cc, c->fmts[j].w, c->fmts[j].h))) dup = 1;
        if (!dup && k++ == n) return i;
    }
    return -1;
}
static int set_fmt(struct cam *c, struct v4l2_pix_format *p, int really) {
    int best = -1; long low = 0;
    for (int i = 0; i < c->nfmts; i++) { long q = labs((long)c->fmts[i].w - (long)p->width) + labs((long)c->fmts[i].h - (long)p->height) + (c->fmts[i].cc == p->pixelformat ? 0 : 100000); if (best < 0 || q < low) { low = q; best = i; } }
    if (best < 0) return EINVAL;
    struct fmt keep = c->cur; c->cur = c->fmts[best];
    if (!c->resets) for (int i = 0; i < c->nfmts; i++) if (same_size(&c->fmts[i], c->cur.cc, c->cur.w, c->cur.h) && c->fmts[i].num == keep.num && c->fmts[i].den == keep.den) c->cur = c->fmts[i];
    if (is_fault(c, "rescale")) { c->cur.w /= 2; c->cur.h /= 2; }
    fill_pix(c, p);
    if (!really) c->cur = keep; else { fmt_save(c); trace(c, "S_FMT %.4s %ux%u", (char *)&c->cur.cc, c->cur.w, c->cur.h); }
    return 0;
}
static void set_rate(struct cam *c, struct v4l2_fract *t) { /* the offered rate nearest to the one asked for */
    double want = (double)t->numerator / t->denominator, low = 1e9; struct fmt best = c->cur;
    for (int i = 0; i < c->nfmts; i++) if (same_size(&c->fmts[i], c->cur.cc, c->cur.w, c->cur.h)) { double q = (double)c->fmts[i].num / c->fmts[i].den - want; if (q < 0) q = -q; if (q < low) { low = q; best = c->fmts[i]; } }
    c->cur.num = best.num; c->cur.den = best.den; fmt_save(c);
}
static int cam_ioctl(struct cam *c, unsigned long req, void *arg) {
    int e = 0, k; const uint32_t cap = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    pthread_mutex_lock(&L); load_conf(c);
    if (!c->gone && !plugged(c)) { c->gone = 1; event(c, "unplugged"); }
    if (c->gone) { e = ENODEV; goto out; }
    if (c->meta && (uint32_t)req != (uint32_t)VIDIOC_QUERYCAP) { e = EINVAL; goto out; }
    switch ((uint32_t)req) {
    case (uint32_t)VIDIOC_QUERYCAP: {
        struct v4l2_capability *q = arg; memset(q, 0, sizeof *q); strcpy((char *)q->driver, "fakecam"); snprintf((char *)q->card, 32, "%s", c->card); snprintf((char *)q->bus_info, 32, "usb-fake-%d", c->num); q->version = 0x060100;
        q->device_caps = (c->meta ? V4L2_CAP_META_CAPTURE : V4L2_CAP_VIDEO_CAPTURE) | V4L2_CAP_STREAMING | V4L2_CAP_EXT_PIX_FORMAT; q->capabilities = q->device_caps | V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_DEVICE_CAPS; break; }
    case (uint32_t)VIDIOC_ENUM_FMT: {
        struct v4l2_fmtdesc *f = arg; if (f->type != cap || (k = nth(c, 0, f->index, 0, 0, 0)) < 0) { e = EINVAL; break; }
        f->pixelformat = c->fmts[k].cc; f->flags = f->pixelformat == V4L2_PIX_FMT_MJPEG ? V4L2_FMT_FLAG_COMPRESSED : 0; snprintf((char *)f->description, 32, "%.4s", (char *)&f->pixelformat); break; }
    case (uint32_t)VIDIOC_ENUM_FRAMESIZES: {
        struct v4l2_frmsizeenum *f = arg; if ((k = nth(c, 1, f->index, f->pixel_format, 0, 0)) < 0) { e = EINVAL; break; }
        f->type = V4L2_FRMSIZE_TYPE_DISCRETE; f->discrete.width = c->fmts[k].w; f->discrete.height = c->fmts[k].h; break; }
    case (uint32_t)VIDIOC_ENUM_FRAMEINTERVALS: {
        struct v4l2_frmivalenum *f = arg; if ((k = nth(c, 2, f->index, f->pixel_format, f->width, f->height)) < 0) { e = EINVAL; break; }
        f->type = V4L2_FRMIVAL_TYPE_DISCRETE; f->discrete.numerator = c->fmts[k].num; f->discrete.denominator = c->fmts[k].den; break; }
    case (uint32_t)VIDIOC_G_FMT: { struct v4l2_format *f = arg; if (f->type != cap) { e = EINVAL; break; } if (!c->owner) fmt_load(c); memset(&f->fmt, 0, sizeof f->fmt); fill_pix(c, &f->fmt.pix); break; }
    case (uint32_t)VIDIOC_TRY_FMT: { struct v4l2_format *f = arg; e = f->type != cap ? EINVAL : set_fmt(c, &f->fmt.pix, 0); break; }
    case (uint32_t)VIDIOC_S_FMT: { struct v4l2_format *f = arg; if (f->type != cap) { e = EINVAL; break; } if ((e = own(c))) break; e = is_fault(c, "busy_fmt") || c->nbufs ? EBUSY : set_fmt(c, &f->fmt.pix, 1); break; }
    case (uint32_t)VIDIOC_S_PARM: { struct v4l2_streamparm *p = arg; if (p->type != cap) { e = EINVAL; break; } if ((e = own(c))) break; if (c->streaming) { e = EBUSY; break; } if (p->parm.capture.timeperframe.numerator && p->parm.capture.timeperframe.denominator) set_rate(c, &p->parm.capture.timeperframe); } /* fall through */
    case (uint32_t)VIDIOC_G_PARM: { struct v4l2_streamparm *p = arg; if (p->type != cap) { e = EINVAL; break; } if (!c->owner) fmt_load(c); memset(&p->parm, 0, sizeof p->parm); p->parm.capture.capability = V4L2_CAP_TIMEPERFRAME; p->parm.capture.timeperframe.numerator = c->cur.num; p->parm.capture.timeperframe.denominator = c->cur.den; break; }
    case (uint32_t)VIDIOC_REQBUFS: {
        struct v4l2_requestbuffers *r = arg; if (r->type != cap || r->memory != V4L2_MEMORY_MMAP) { e = EINVAL; break; }
        if (is_fault(c, "busy_on")) { e = EBUSY; break; }
        if ((e = own(c))) break;
        if (c->streaming) { e = EBUSY; break; }
        unbuf(c); c->nbufs = r->count > MAXBUF ? MAXBUF : (int)r->count; r->count = (uint32_t)c->nbufs; r->capabilities = V4L2_BUF_CAP_SUPPORTS_MMAP;
        if (!c->nbufs) { disown(c); event(c, "buffers freed"); break; }
        fmt_load(c); c->bufsz = (img_size(&c->cur) + 4095) & ~4095ul; c->memfd = memfd_create("fakecam", MFD_CLOEXEC); memset(c->b, 0, sizeof c->b);
        if (ftruncate(c->memfd, (off_t)(c->bufsz * (size_t)c->nbufs))) { e = ENOMEM; break; }
        c->map = mmap(NULL, c->bufsz * (size_t)c->nbufs, PROT_READ | PROT_WRITE, MAP_SHARED, c->memfd, 0); break; }
    case (uint32_t)VIDIOC_QUERYBUF: { struct v4l2_buffer *b = arg; if ((int)b->index >= c->nbufs) e = EINVAL; else fill_buf(c, b, (int)b->index); break; }
    case (uint32_t)VIDIOC_QBUF: { struct v4l2_buffer *b = arg; if ((int)b->index >= c->nbufs || c->b[b->index].state != IDLE) { e = EINVAL; break; } c->b[b->index].state = QUEUED; c->b[b->index].order = c->order++; break; }
    case (uint32_t)VIDIOC_DQBUF: {
        struct v4l2_buffer *b = arg;
        for (;;) {
            if (c->gone) { e = ENODEV; break; }
            if (!c->streaming) { e = EINVAL; break; }
            if (now_fault(c, "eio")) { e = EIO; break; }
            if ((k = oldest(c, DONE)) >= 0) { c->b[k].state = IDLE; fill_buf(c, b, k); c->taken++; quiet(c); if (oldest(c, DONE) >= 0) ring(c); break; }
            quiet(c); if (c->flags & O_NONBLOCK) { e = EAGAIN; break; }
            struct pollfd pf = {c->fd, POLLIN, 0}; pthread_mutex_unlock(&L); int r = poll(&pf, 1, 1000); int pe = errno; pthread_mutex_lock(&L); if (r < 0) { e = pe; break; }
        }
        break; }
    case (uint32_t)VIDIOC_STREAMON: {
        if (is_fault(c, "nospace_on")) { e = ENOSPC; break; }
        if ((e = own(c))) break;
        if (!c->nbufs) { e = EINVAL; break; }
        if (c->streaming) break;
        char p[1200]; rpath(p, sizeof p, "state/video%d.start", c->num); int fd = r_open(p, O_WRONLY | O_CREAT | O_CLOEXEC, 0666); if (fd >= 0) r_close(fd);
        c->streaming = c->run = 1; c->seq = 0; c->taken = 0; c->frozen = -1; clock_gettime(CLOCK_MONOTONIC, &c->t_on); pthread_create(&c->thread, NULL, pump, c);
        char s[64]; show_fmt(s, sizeof s, &c->cur); event(c, "streamon %s", s); break; }
    case (uint32_t)VIDIOC_STREAMOFF: if (is_fault(c, "eio_off")) { e = EIO; break; } stop(c); break;
    case (uint32_t)VIDIOC_ENUMINPUT: { struct v4l2_input *in = arg; if (in->index) { e = EINVAL; break; } memset(in, 0, sizeof *in); strcpy((char *)in->name, "Camera 1"); in->type = V4L2_INPUT_TYPE_CAMERA; break; }
    case (uint32_t)VIDIOC_G_INPUT: *(int *)arg = 0; break;
    case (uint32_t)VIDIOC_S_INPUT: if (*(int *)arg) e = EINVAL; break;
    case (uint32_t)VIDIOC_QUERYCTRL: case (uint32_t)VIDIOC_QUERY_EXT_CTRL: case (uint32_t)VIDIOC_G_CTRL: case (uint32_t)VIDIOC_S_CTRL: e = EINVAL; break; /* no controls */
    default: e = ENOTTY;
    }
out:
    if (e && e != EAGAIN) trace(c, "ioctl %08lx -> %s", req & 0xffffffff, strerror(e));
    pthread_mutex_unlock(&L); if (e) { errno = e; return -1; } return 0;
}

/* ---- what the program calls ---- */
static int starts(const char *p, const char *w) { return !strncmp(p, w, strlen(w)); }
static const char *redir(const char *p, char *buf, size_t n) { /* /dev/video*, /dev/v4l*, /sys/class/video4linux -> the rig */
    if (!rig() || !p) return p;
    if (starts(p, "/dev/video") || starts(p, "/dev/v4l")) { snprintf(buf, n, "%s%s", rig(), p); return buf; }
    if (starts(p, "/sys/class/video4linux")) { snprintf(buf, n, "%s/sys%s", rig(), p + 22); return buf; }
    return p;
}
static const char *redir_dir(const char *p, char *buf, size_t n) { if (rig() && p && (!strcmp(p, "/dev") || !strcmp(p, "/dev/"))) { snprintf(buf, n, "%s/dev", rig()); return buf; } return redir(p, buf, n); }
static int node_no(const char *p) { /* N of /dev/videoN or of a link below /dev/v4l, else -1 */
    int n; char t, b[1200], l[512]; if (!rig() || !p) return -1;
    if (sscanf(p, "/dev/video%d%c", &n, &t) == 1) return n;
    if (!starts(p, "/dev/v4l/")) return -1;
    REAL(ssize_t, readlink, const char *, char *, size_t); ssize_t k = real_readlink(redir(p, b, sizeof b), l, sizeof l - 1); if (k < 0) return -1;
    l[k] = 0; char *s = strrchr(l, '/'); return sscanf(s ? s + 1 : l, "video%d%c", &n, &t) == 1 ? n : -1;
}
#define MODE mode_t m = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list a; va_start(a, flags); m = va_arg(a, mode_t); va_end(a); }
#define OPEN(name) int name(const char *path, int flags, ...) { MODE REAL(int, name, const char *, int, ...); int n = node_no(path); if (n >= 0) return cam_open(n, flags); char b[1200]; return real_##name(redir(path, b, sizeof b), flags, m); }
#define OPENAT(name) int name(int dir, const char *path, int flags, ...) { MODE REAL(int, name, int, const char *, int, ...); int n = node_no(path); if (n >= 0) return cam_open(n, flags); char b[1200]; return real_##name(dir, redir(path, b, sizeof b), flags, m); }
OPEN(open) OPEN(open64) OPENAT(openat) OPENAT(openat64)
int __open_2(const char *path, int flags) { return open(path, flags); }
int __open64_2(const char *path, int flags) { return open64(path, flags); }
int close(int fd) { struct cam *c = by_fd(fd); return c ? cam_close(c) : r_close(fd); }
int ioctl(int fd, unsigned long req, ...) { va_list a; va_start(a, req); void *arg = va_arg(a, void *); va_end(a); REAL(int, ioctl, int, unsigned long, ...); struct cam *c = by_fd(fd); return c ? cam_ioctl(c, req, arg) : real_ioctl(fd, req, arg); }
long syscall(long n, ...) { /* some V4L2 libraries call syscall(SYS_ioctl, ...) */
    va_list a; va_start(a, n); long v[6]; for (int i = 0; i < 6; i++) v[i] = va_arg(a, long); va_end(a);
    REAL(long, syscall, long, ...);
    if (n == SYS_ioctl) { struct cam *c = by_fd((int)v[0]); if (c) return cam_ioctl(c, (unsigned long)v[1], (void *)v[2]); }
    return real_syscall(n, v[0], v[1], v[2], v[3], v[4], v[5]);
}
#define MMAP(name) void *name(void *at, size_t len, int prot, int fl, int fd, off_t off) { REAL(void *, name, void *, size_t, int, int, int, off_t); struct cam *c = by_fd(fd); if (c) { if (c->memfd < 0) { errno = EINVAL; return MAP_FAILED; } fd = c->memfd; } return real_##name(at, len, prot, fl, fd, off); }
MMAP(mmap) MMAP(mmap64)
DIR *opendir(const char *p) { REAL(DIR *, opendir, const char *); char b[1200]; return real_opendir(redir_dir(p, b, sizeof b)); }
int inotify_add_watch(int fd, const char *p, uint32_t mask) { REAL(int, inotify_add_watch, int, const char *, uint32_t); char b[1200]; return real_inotify_add_watch(fd, redir_dir(p, b, sizeof b), mask); }
int access(const char *p, int mode) { REAL(int, access, const char *, int); char b[1200]; return real_access(redir(p, b, sizeof b), mode); }
ssize_t readlink(const char *p, char *out, size_t n) { REAL(ssize_t, readlink, const char *, char *, size_t); char b[1200]; return real_readlink(redir(p, b, sizeof b), out, n); }
char *realpath(const char *p, char *out) { REAL(char *, realpath, const char *, char *); int n = node_no(p); if (n < 0) return real_realpath(p, out); if (!out) out = malloc(4096); if (out) snprintf(out, 32, "/dev/video%d", n); return out; }
/* stat and its kin: the nodes look like character devices 81:N */
#define STATLIKE(name, type) int name(const char *p, struct type *st) { REAL(int, name, const char *, struct type *); char b[1200]; int rc = real_##name(redir(p, b, sizeof b), st), n = rc ? -1 : node_no(p); if (n >= 0 && S_ISREG(st->st_mode)) { st->st_mode = S_IFCHR | 0660; st->st_rdev = makedev(81, (unsigned)n); } return rc; }
STATLIKE(stat, stat) STATLIKE(stat64, stat64) STATLIKE(lstat, stat) STATLIKE(lstat64, stat64)
int statx(int dir, const char *p, int fl, unsigned mask, struct statx *st) { REAL(int, statx, int, const char *, int, unsigned, struct statx *); char b[1200]; int rc = real_statx(dir, redir(p, b, sizeof b), fl, mask, st), n = rc ? -1 : node_no(p); if (n >= 0 && S_ISREG(st->stx_mode)) { st->stx_mode = S_IFCHR | 0660; st->stx_rdev_major = 81; st->stx_rdev_minor = (unsigned)n; } return rc; }
