#!/usr/bin/env python3
"""deskmock.py LOG [--never | --nonsense]: a desktop that says what it is told to, on two private buses.

On the bus of DBUS_SYSTEM_BUS_ADDRESS: org.freedesktop.login1 with one session, c1, and inhibitors; org.freedesktop.UPower.
On the session bus: org.freedesktop.ScreenSaver, org.gnome.ScreenSaver, org.gnome.Mutter.IdleMonitor (4 s idle), and
org.freedesktop.Notifications with KDE Plasma's property Inhibited.
Lines on stdin, each with "on" or "off":
 request    the session's signal Lock or Unlock, and nothing else     hint     the session's LockedHint
 saver      org.freedesktop.ScreenSaver's ActiveChanged               gnome    org.gnome.ScreenSaver's ActiveChanged
 here       the session's Active                                      sleep    PrepareForSleep
 battery    UPower's OnBattery                                        inhibited  the notifications' Inhibited
--never: has the names, and never answers. --nonsense: texts where the interfaces have booleans and numbers.
Each call, each line done and each inhibitor's release is one JSON line in LOG.
Needs python3-gi."""
import json, os, sys, time
from gi.repository import Gio, GLib

LOG, NEVER, NONSENSE = open(sys.argv[1], 'w'), '--never' in sys.argv, '--nonsense' in sys.argv
LOGIN, SESSION, AUTO = '/org/freedesktop/login1', '/org/freedesktop/login1/session/c1', '/org/freedesktop/login1/session/auto'
state = {'Id': 'c1', 'LockedHint': False, 'Active': True, 'IdleHint': False, 'IdleSinceHint': 0, 'PreparingForSleep': False,
         'OnBattery': False, 'Inhibited': False, 'saver': False, 'gnome': False}


def kind(name):
    return 's' if NONSENSE or name == 'Id' else 't' if name == 'IdleSinceHint' else 'b'


def value_of(name, value):
    return GLib.Variant(kind(name), str(value) if kind(name) == 's' else value)


def properties(*names):
    return ''.join(f'<property name="{n}" type="{kind(n)}" access="read"/>' for n in names)


def saver(name):
    return f'<interface name="{name}"><method name="GetActive"><arg type="{kind("")}" direction="out"/></method></interface>'


MANAGER = '''<interface name="org.freedesktop.login1.Manager">
<method name="GetSession"><arg type="s" direction="in"/><arg type="o" direction="out"/></method>
<method name="GetSessionByPID"><arg type="u" direction="in"/><arg type="o" direction="out"/></method>
<method name="Inhibit"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="h" direction="out"/></method>
''' + properties('PreparingForSleep') + '</interface>'
OWN = '<interface name="org.freedesktop.login1.Session">' + properties('Id', 'LockedHint', 'Active', 'IdleHint', 'IdleSinceHint') + '</interface>'
UPOWER = '<interface name="org.freedesktop.UPower">' + properties('OnBattery') + '</interface>'
IDLE = '<interface name="org.gnome.Mutter.IdleMonitor"><method name="GetIdletime"><arg type="t" direction="out"/></method></interface>'
NOTIFICATIONS = '''<interface name="org.freedesktop.Notifications">
<method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/></method>
''' + properties('Inhibited') + '</interface>'


def record(**line):
    line['t'] = round(time.time(), 3)
    LOG.write(json.dumps(line, default=str) + '\n')
    LOG.flush()


def inhibit(args, call):  # the caller holds one end of a pipe; when it is closed, the inhibitor is released
    ours, theirs = os.pipe()
    given = Gio.UnixFDList.new()
    given.append(theirs)
    os.close(theirs)

    def released(fd, _condition):
        record(event='released', what=args[0])
        os.close(fd)
        return False
    GLib.unix_fd_add_full(GLib.PRIORITY_DEFAULT, ours, GLib.IOCondition.HUP, released)
    call.return_value_with_unix_fd_list(GLib.Variant('(h)', (0,)), given)


def on_call(_bus, _sender, _path, interface, method, params, call):
    args = params.unpack()
    record(m=method, args=args)
    if NEVER:
        return
    if method in ('GetSession', 'GetSessionByPID'):
        call.return_value(GLib.Variant('(o)', (SESSION,)))
    elif method == 'Inhibit':
        inhibit(args, call)
    elif method == 'GetActive':
        call.return_value(GLib.Variant.new_tuple(value_of('', state['gnome' if 'gnome' in interface else 'saver'])))
    elif method == 'GetIdletime':
        call.return_value(GLib.Variant('(t)', (4000,)))
    else:
        call.return_value(GLib.Variant('(ssss)', ('deskmock', 'test', '1', '1.2')))


def on_get(_bus, _sender, _path, _interface, name):
    record(get=name)
    return value_of(name, state[name])


def emit(bus, path, interface, signal, kind=None, *args):
    bus.emit_signal(None, path, interface, signal, GLib.Variant(kind, args) if kind else None)


def change(bus, path, interface, name, value):
    state[name] = value
    emit(bus, path, 'org.freedesktop.DBus.Properties', 'PropertiesChanged', '(sa{sv}as)', interface, {name: value_of(name, value)}, [])


def active(which, name, value):
    state[which] = value
    emit(session, '/' + name.replace('.', '/'), name, 'ActiveChanged', '(s)' if NONSENSE else '(b)', str(value) if NONSENSE else value)


DO = {
    'request': lambda on: emit(system, SESSION, 'org.freedesktop.login1.Session', 'Lock' if on else 'Unlock'),
    'hint': lambda on: change(system, SESSION, 'org.freedesktop.login1.Session', 'LockedHint', on),
    'here': lambda on: change(system, SESSION, 'org.freedesktop.login1.Session', 'Active', on),
    'sleep': lambda on: emit(system, LOGIN, 'org.freedesktop.login1.Manager', 'PrepareForSleep', '(s)' if NONSENSE else '(b)', str(on) if NONSENSE else on),
    'battery': lambda on: change(system, '/org/freedesktop/UPower', 'org.freedesktop.UPower', 'OnBattery', on),
    'saver': lambda on: active('saver', 'org.freedesktop.ScreenSaver', on),
    'gnome': lambda on: active('gnome', 'org.gnome.ScreenSaver', on),
    'inhibited': lambda on: change(session, '/org/freedesktop/Notifications', 'org.freedesktop.Notifications', 'Inhibited', on),
}


def on_line(_channel, _condition):
    line = b''
    while not line.endswith(b'\n'):  # without reading ahead, so that what is left wakes the loop again
        character = os.read(0, 1)
        if not character:
            os._exit(0)
        line += character
    words = line.decode().split()
    DO[words[0]](words[1] == 'on')
    record(did=' '.join(words))
    return True


def connect(address):
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)


def serve(bus, name, *objects):
    for path, xml in objects:
        interface = Gio.DBusNodeInfo.new_for_xml('<node>' + xml + '</node>').interfaces[0]
        bus.register_object(path, interface, on_call, None if NEVER else on_get, None)
    bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'RequestName', GLib.Variant('(su)', (name, 0)), None, 0, 3000, None)


system, session = connect(os.environ['DBUS_SYSTEM_BUS_ADDRESS']), connect(os.environ['DBUS_SESSION_BUS_ADDRESS'])
if NEVER:  # who answers no call at all: messages are swallowed before any object sees them
    def swallow(_bus, message, incoming):
        if incoming and message.get_message_type() == Gio.DBusMessageType.METHOD_CALL:
            record(swallowed=message.get_member())
            return None
        return message
    system.add_filter(swallow)
    session.add_filter(swallow)
serve(system, 'org.freedesktop.login1', (LOGIN, MANAGER), (SESSION, OWN), (AUTO, OWN))
serve(system, 'org.freedesktop.UPower', ('/org/freedesktop/UPower', UPOWER))
serve(session, 'org.freedesktop.ScreenSaver', ('/org/freedesktop/ScreenSaver', saver('org.freedesktop.ScreenSaver')))
serve(session, 'org.gnome.ScreenSaver', ('/org/gnome/ScreenSaver', saver('org.gnome.ScreenSaver')))
serve(session, 'org.gnome.Mutter.IdleMonitor', ('/org/gnome/Mutter/IdleMonitor/Core', IDLE))
serve(session, 'org.freedesktop.Notifications', ('/org/freedesktop/Notifications', NOTIFICATIONS))
GLib.io_add_watch(0, GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN | GLib.IOCondition.HUP, on_line)
print('READY', flush=True)
GLib.MainLoop().run()
