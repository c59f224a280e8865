#!/usr/bin/env python3
"""panel.py LOG: a panel that draws nothing. It owns org.kde.StatusNotifierWatcher on the session bus, reads each item that
registers and its menu, reads them again after each of its signals, and clicks on what it is told to.
On stdin: click LABEL, clicks the entry of the latest item's menu that has this label and is visible and enabled.
Each reading, registration, signal and click is a line of JSON in LOG. Needs python3-gi."""
import hashlib, json, sys, time
from gi.repository import Gio, GLib

LOG, NAME = sys.argv[1], 'org.kde.StatusNotifierWatcher'
ITEM, MENU = 'org.kde.StatusNotifierItem', 'com.canonical.dbusmenu'
XML = f'''<node><interface name="{NAME}"><method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
<property name="RegisteredStatusNotifierItems" type="as" access="read"/><property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
<property name="ProtocolVersion" type="i" access="read"/></interface></node>'''
latest = {}


def record(**line):
    with open(LOG, 'a') as log:
        log.write(json.dumps({**line, 't': time.time()}) + '\n')


def ask(dest, path, iface, method, args, answer):
    done = bus.call_sync(dest, path, iface, method, args, GLib.VariantType(answer), 0, 3000, None)
    return done.unpack()


def read(dest):
    try:
        props, = ask(dest, '/StatusNotifierItem', 'org.freedesktop.DBus.Properties', 'GetAll', GLib.Variant('(s)', (ITEM,)), '(a{sv})')
        _, layout = ask(dest, props['Menu'], MENU, 'GetLayout', GLib.Variant('(iias)', (0, -1, [])), '(u(ia{sv}av))')
    except GLib.Error as error:
        return record(failed=dest, error=error.message)
    icons = [[w, h, len(data), hashlib.sha256(bytes(data)).hexdigest()] for w, h, data in props['IconPixmap']]
    entries = [[e[0], e[1].get('label', '-'), e[1].get('enabled', True), e[1].get('visible', True)] for e in layout[2]]
    latest.update(dest=dest, menu=props['Menu'], entries=entries)
    record(shows=props['Title'], id=props['Id'], status=props['Status'], is_menu=props['ItemIsMenu'], tip=props['ToolTip'][2:],
           icons=icons, menu=[e[1:] for e in entries])


def new_item(dest):
    def on_signal(_bus, _sender, _path, _iface, signal, _args):
        record(signal=signal)
        read(dest)
    for iface in (ITEM, MENU):
        bus.signal_subscribe(dest, iface, None, None, None, 0, on_signal)

    def gone(_bus, _sender, _path, _iface, _signal, args):
        if args.unpack()[0] == dest and not args.unpack()[2]:
            record(gone=dest)
    bus.signal_subscribe('org.freedesktop.DBus', 'org.freedesktop.DBus', 'NameOwnerChanged', None, dest, 0, gone)
    read(dest)


def on_call(_bus, _sender, _path, _iface, _method, args, call):
    record(registered=args.unpack()[0])
    call.return_value(None)
    GLib.idle_add(lambda: new_item(args.unpack()[0]) and False)


def on_get(_bus, _sender, _path, _iface, name):
    return {'RegisteredStatusNotifierItems': GLib.Variant('as', []), 'IsStatusNotifierHostRegistered': GLib.Variant('b', True), 'ProtocolVersion': GLib.Variant('i', 0)}[name]


def on_line(*_):
    line = sys.stdin.readline()
    if not line:
        return False
    label = line.strip().removeprefix('click ')
    ids = [n for n, name, enabled, visible in latest['entries'] if name == label and enabled and visible]
    if ids:
        ask(latest['dest'], latest['menu'], MENU, 'Event', GLib.Variant('(isvu)', (ids[0], 'clicked', GLib.Variant('i', 0), 0)), '()')
    record(clicked=label, found=bool(ids))
    return True


bus = Gio.bus_get_sync(Gio.BusType.SESSION)
bus.register_object('/StatusNotifierWatcher', Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], on_call, on_get, None)
Gio.bus_own_name_on_connection(bus, NAME, 0, lambda *_: print('READY', flush=True), lambda *_: sys.exit(1))
GLib.io_add_watch(0, GLib.IOCondition.IN | GLib.IOCondition.HUP, on_line)
GLib.MainLoop().run()
