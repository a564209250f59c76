package enishi.lab.fleet;

/**
 * What looks random and is the same each time: SplitMix64 (Steele, Lea, Flood 2014) of what it is drawn for.
 *
 * @param bits all 64 of them are mixed
 */
record Noise(long bits) {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    static Noise of(long one, long other) {
        return new Noise(mixed(mixed(one * GOLDEN + 1) + other * GOLDEN));
    }

    Noise next() {
        return new Noise(mixed(bits + GOLDEN));
    }

    /** From 0 to this bound, which is left out. */
    int below(long bound) {
        return (int) Math.floorMod(bits, bound);
    }

    private static long mixed(long bits) {
        long z = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
