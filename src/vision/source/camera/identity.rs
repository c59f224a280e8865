//! What a camera is known by from one run to the next.

#[cfg(target_os = "linux")]
use std::fs;
#[cfg(target_os = "linux")]
use std::path::Path;

/// The id of a camera that is known by its name only.
pub(super) fn of_name(name: &str) -> String {
    format!("name-{name}")
}

/// The id of the USB device behind the sysfs folder `device` of a video node, as
/// `usb-046d:0825-SERIAL`; `None` when there is no such folder, or no USB.
///
/// A device with several cameras (as one for infrared beside the usual one) has each on an
/// interface of its own: from interface 1 on its number is added, as in `usb-046d:0825-SERIAL.2`.
#[cfg(target_os = "linux")]
pub(super) fn of_usb(device: &Path) -> Option<String> {
    // The folder is a link into the tree of devices, and only that tree has the parents.
    let folder = fs::canonicalize(device).ok()?;
    let read = |folder: &Path, file| {
        let text = fs::read_to_string(folder.join(file)).ok()?;
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let (usb, vendor, product) = folder.ancestors().find_map(|usb| {
        let vendor = read(usb, "idVendor")?;
        Some((usb, vendor, read(usb, "idProduct")?))
    })?;
    let mut id = format!("usb-{vendor}:{product}");
    if let Some(serial) = read(usb, "serial") {
        // Whatever the maker burnt in must fit into a line, a command and a file.
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        id.push('-');
        id.extend(serial.chars().map(plain));
    }
    let interface = read(&folder, "bInterfaceNumber");
    let interface = interface.and_then(|number| u8::from_str_radix(&number, 16).ok());
    if let Some(number) = interface.filter(|number| *number != 0) {
        id.push_str(&format!(".{number}"));
    }
    Some(id)
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A tree of devices with one USB camera on `interface`, and the link that a video node has.
    fn id(files: &[(&str, &str)], interface: &str) -> Option<String> {
        let root = tempfile::tempdir().unwrap();
        let usb = root.path().join("devices/pci0/usb1/1-2");
        let folder = usb.join(format!("1-2:1.{interface}"));
        fs::create_dir_all(&folder).unwrap();
        for (file, text) in files {
            fs::write(usb.join(file), format!("{text}\n")).unwrap();
        }
        fs::write(folder.join("bInterfaceNumber"), format!("{interface}\n")).unwrap();
        let link = root.path().join("device");
        symlink(&folder, &link).unwrap();
        of_usb(&link)
    }

    #[test]
    fn a_usb_camera_is_known_by_maker_product_and_serial() {
        let plain = [("idVendor", "046d"), ("idProduct", "0825")];
        assert_eq!(id(&plain, "00").unwrap(), "usb-046d:0825");
        let [vendor, product] = plain;
        let serial = [vendor, product, ("serial", "A1 B/2")];
        assert_eq!(id(&serial, "00").unwrap(), "usb-046d:0825-A1_B_2");
        let blank = [vendor, product, ("serial", "")];
        assert_eq!(id(&blank, "00").unwrap(), "usb-046d:0825");
    }

    #[test]
    fn a_second_camera_of_a_device_is_told_apart() {
        let files = [("idVendor", "04f2"), ("idProduct", "b6dd")];
        assert_eq!(id(&files, "02").unwrap(), "usb-04f2:b6dd.2");
    }

    #[test]
    fn what_is_not_usb_has_no_such_id() {
        assert_eq!(id(&[], "00"), None);
        assert_eq!(of_usb(Path::new("/nowhere/device")), None);
    }
}
