package dev.hfsm.transform;

/** Whether a picture has transparency. */
public enum Alpha {
  PRESENT,
  ABSENT
}
