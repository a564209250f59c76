package enishi.agent.capture;

/** What a rung delivers: single sockets, or what the kernel itself has folded. */
public sealed interface Capture
        permits SocketSeen,
                SocketCounted,
                SocketGone,
                SocketHeld,
                KernelCounts,
                OpenForgotten,
                Translated,
                TrackedForgotten {}
