package io.mybella.memory.vector;

/**
 * A direction in bytes: each component as a part of the largest, which is 127. How far two
 * directions agree is the same as in full numbers, to the third place.
 */
public final class ByteVector {

  private static final float LARGEST = 127;

  private final byte[] components;
  private final float length;

  /**
   * A vector as it is kept.
   *
   * @param components are not copied
   */
  public ByteVector(byte[] components) {
    this.components = components;
    this.length = (float) Math.sqrt(product(components, components));
  }

  /** Of a vector in full numbers. */
  public static ByteVector of(float[] vector) {
    float largest = Float.MIN_NORMAL;
    for (float each : vector) {
      largest = Math.max(largest, Math.abs(each));
    }
    byte[] components = new byte[vector.length];
    for (int i = 0; i < components.length; i++) {
      components[i] = (byte) Math.round(vector[i] / largest * LARGEST);
    }
    return new ByteVector(components);
  }

  /** Its components, not a copy of them. */
  public byte[] components() {
    return components;
  }

  /** How many components it has. */
  public int dimensions() {
    return components.length;
  }

  /**
   * The cosine of the angle between two, which is 1 when they point alike; 0 for one that points
   * nowhere.
   *
   * @param other of as many dimensions
   */
  public float cosine(ByteVector other) {
    float lengths = length * other.length;
    return lengths == 0 ? 0 : product(components, other.components) / lengths;
  }

  /** No sum of 4,096 products exceeds an int. */
  private static int product(byte[] one, byte[] other) {
    int sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }
}
