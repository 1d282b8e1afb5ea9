//! What is asked of a datagram socket beyond the portable options (socket(7), udp(7)).

use std::io;

use socket2::Socket;

/// Asks for a receive buffer. Beyond the system's limit only who may administer the network gets it
/// (`SO_RCVBUFFORCE`); others get as much as the limit allows.
pub(crate) fn ask_for_receive_buffer(socket: &Socket, bytes: usize) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use nix::sys::socket::{setsockopt, sockopt::RcvBufForce};
        if setsockopt(socket, RcvBufForce, &bytes).is_ok() {
            return Ok(());
        }
    }
    socket.set_recv_buffer_size(bytes)
}

/// Asks for a send buffer, as [`ask_for_receive_buffer`] does (`SO_SNDBUFFORCE`).
pub(crate) fn ask_for_send_buffer(socket: &Socket, bytes: usize) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use nix::sys::socket::{setsockopt, sockopt::SndBufForce};
        if setsockopt(socket, SndBufForce, &bytes).is_ok() {
            return Ok(());
        }
    }
    socket.set_send_buffer_size(bytes)
}

/// Lets the kernel hand runs over joined (`UDP_GRO`), and says whether it can.
#[cfg(target_os = "linux")]
pub(crate) fn take_joined_runs(socket: &Socket) -> bool {
    use nix::sys::socket::{setsockopt, sockopt::UdpGroSegment};
    setsockopt(socket, UdpGroSegment, &true).is_ok()
}

/// Whether the kernel cuts a run into its datagrams itself. One older than `UDP_SEGMENT` takes no
/// notice of the wish and would send the run as one datagram, so each socket asks first.
#[cfg(target_os = "linux")]
pub(super) fn kernel_cuts_runs(socket: &Socket) -> bool {
    use nix::sys::socket::{setsockopt, sockopt::UdpGsoSegment};
    setsockopt(socket, UdpGsoSegment, &0).is_ok()
}

#[cfg(not(target_os = "linux"))]
pub(super) fn kernel_cuts_runs(_: &Socket) -> bool {
    false
}
