package enishi.agent.spool;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One file of the spool, named after its first sequence in hexadecimal so that names sort by age.
 *
 * @param lastSequence of its last whole record; below {@code firstSequence} if it has none
 * @param waiting records in it that are still to be sent
 * @param bytes its length on disk
 */
record Segment(Path path, long firstSequence, long lastSequence, long waiting, long bytes) {
    private static final String ENDING = ".segment";

    static Segment empty(Path folder, long firstSequence) {
        Path path = folder.resolve("%016x".formatted(firstSequence) + ENDING);
        return new Segment(path, firstSequence, firstSequence - 1, 0, 0);
    }

    /** The first sequence a file's name states, if it is a segment's name. */
    static Optional<Long> firstSequenceOf(Path path) {
        String name = path.getFileName().toString();
        if (!name.matches("0[0-9a-f]{15}\\.segment")) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(name.substring(0, 16), 16));
    }

    /** After an append. */
    Segment plus(long sequence, long moreBytes) {
        return new Segment(path, firstSequence, sequence, waiting + 1, bytes + moreBytes);
    }

    /** After one of its records needs no sending any more. */
    Segment less() {
        return new Segment(path, firstSequence, lastSequence, waiting - 1, bytes);
    }
}
