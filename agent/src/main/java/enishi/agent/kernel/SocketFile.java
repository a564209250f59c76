package enishi.agent.kernel;

/**
 * The file a unix socket is bound to, as the kernel's dump tells it (net/unix/diag.c, sk_diag_dump_vfs): not what
 * {@code stat} says, which some file systems make up.
 *
 * @param device of the file system, {@code s_dev}: major number times 2^20 plus minor
 * @param inode of the file, the lower 32 bits
 */
public record SocketFile(long device, long inode) {
    public static final SocketFile NONE = new SocketFile(0, 0);
}
