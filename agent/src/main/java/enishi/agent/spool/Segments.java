package enishi.agent.spool;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The files of the spool, oldest first, and what may happen to a whole one: counted, folded, set aside, deleted. */
final class Segments {
    private static final System.Logger LOG = System.getLogger(Segments.class.getName());
    private final SpoolLimits limits;
    private final Quarantine quarantine;
    private final TreeMap<Long, Segment> byFirst = new TreeMap<>();
    private final Set<Long> folded = new HashSet<>();
    private long damages;

    Segments(SpoolLimits limits, Quarantine quarantine) {
        this.limits = limits;
        this.quarantine = quarantine;
    }

    /** Finds and counts what an earlier run left; gives the greatest sequence in use. */
    long load(Path folder, long cursor) throws IOException {
        long greatest = cursor;
        for (Path path : list(folder)) {
            if (path.toString().endsWith(".new")) {
                Files.delete(path);
                continue;
            }
            Optional<Long> first = Segment.firstSequenceOf(path);
            if (first.isPresent()) {
                Segment segment = count(path, first.get(), cursor);
                greatest = Math.max(greatest, Math.max(first.get(), segment.lastSequence()));
                byFirst.put(first.get(), segment);
            }
        }
        return greatest;
    }

    Collection<Segment> all() {
        return byFirst.values();
    }

    long bytes() {
        return byFirst.values().stream().mapToLong(Segment::bytes).sum();
    }

    long waiting() {
        return byFirst.values().stream().mapToLong(Segment::waiting).sum();
    }

    long damages() {
        return damages;
    }

    /** The segment that begins with this sequence, as it is now. */
    Segment get(long first) {
        return Objects.requireNonNull(byFirst.get(first), "a segment in use is known");
    }

    void put(Segment segment) {
        byFirst.put(segment.firstSequence(), segment);
    }

    /** One record of the segment that holds this sequence needs no sending any more. */
    void done(long sequence) {
        byFirst.computeIfPresent(byFirst.floorKey(sequence), (first, segment) -> segment.less());
    }

    Optional<Segment> oldest() {
        return byFirst.isEmpty()
                ? Optional.empty()
                : Optional.of(byFirst.firstEntry().getValue());
    }

    /** The oldest segment that was never folded. */
    Optional<Segment> oldestUnfolded() {
        return byFirst.values().stream()
                .filter(each -> !folded.contains(each.firstSequence()))
                .findFirst();
    }

    void delete(Segment segment) throws IOException {
        forget(segment);
        Files.deleteIfExists(segment.path());
    }

    /** Moves a segment that cannot be read out of the way. */
    void setAside(Segment segment) {
        damages++;
        forget(segment);
        try {
            quarantine.take(segment.path());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "spool: could not move {0} aside: {1}", segment.path(), e.toString());
        }
    }

    /** Reads the records still to be sent. */
    void read(Segment segment, long cursor, Consumer<SpoolRecord> sink) throws IOException {
        try (SegmentReader reader = open(segment)) {
            Optional<SpoolRecord> record = reader.next();
            while (record.isPresent()) {
                if (record.get().sequence() > cursor) {
                    sink.accept(record.get());
                }
                record = reader.next();
            }
        }
    }

    SegmentReader open(Segment segment) throws IOException {
        return new SegmentReader(segment.path(), limits.recordBytesMax());
    }

    /** Writes a segment anew without what its own later records say again; gives how many records went. */
    long fold(Segment segment, long cursor, Contents.Folding folding) throws IOException {
        folded.add(segment.firstSequence());
        read(segment, cursor, folding::note);
        List<SpoolRecord> kept = new ArrayList<>();
        read(
                segment,
                cursor,
                record -> folding.rest(record).ifPresent(rest -> kept.add(new SpoolRecord(record.sequence(), rest))));
        if (kept.isEmpty()) {
            long waiting = segment.waiting();
            delete(segment);
            return waiting;
        }
        Disk.replace(segment.path(), SpoolRecord.write(kept));
        Segment rest = new Segment(
                segment.path(),
                segment.firstSequence(),
                kept.getLast().sequence(),
                kept.size(),
                Files.size(segment.path()));
        byFirst.put(segment.firstSequence(), rest);
        return segment.waiting() - rest.waiting();
    }

    private void forget(Segment segment) {
        byFirst.remove(segment.firstSequence());
        folded.remove(segment.firstSequence());
    }

    private Segment count(Path path, long first, long cursor) {
        long last = first - 1;
        long waiting = 0;
        try (SegmentReader reader = new SegmentReader(path, limits.recordBytesMax())) {
            Optional<SpoolRecord> record = reader.next();
            while (record.isPresent()) {
                last = record.get().sequence();
                waiting += last > cursor ? 1 : 0;
                record = reader.next();
            }
            if (reader.damages() > 0) {
                damages += reader.damages();
                quarantine.keep(path.getFileName() + ".damaged", reader.damagedBytes(limits.quarantineBytesMax()));
                LOG.log(
                        Level.WARNING,
                        "spool: {0} is damaged in {1} places; its whole reports are kept",
                        path,
                        reader.damages());
            }
            return new Segment(path, first, last, waiting, Files.size(path));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "spool: {0} cannot be read: {1}", path, e.toString());
            damages++;
            return new Segment(path, first, last, 0, 0);
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
