;; Finds the pages of a heap that differ from their image and puts those back. It reads every byte, so nothing that was
;; written is missed, whoever wrote it; but it writes only what changed, which is a hundredth of it after a short
;; snippet. Pages are 4 KiB; all addresses are multiples of that.
(module
  (import "memories" "heap" (memory $heap 0))
  (import "memories" "image" (memory $image 0))

  ;; Makes heap[$at, $end) equal to image[$from, ...]. Returns the number of pages that were written.
  (func (export "restore") (param $at i32) (param $end i32) (param $from i32) (result i32)
    (local $stop i32) (local $difference v128) (local $written i32)
    (block $done
      (loop $page
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $stop (i32.add (local.get $at) (i32.const 4096)))
        (local.set $difference (v128.const i64x2 0 0))
        (loop $line
          (local.set $difference
            (v128.or
              (local.get $difference)
              (v128.or
                (v128.or
                  (v128.xor (v128.load $heap (local.get $at)) (v128.load $image (local.get $from)))
                  (v128.xor (v128.load $heap offset=16 (local.get $at)) (v128.load $image offset=16 (local.get $from))))
                (v128.or
                  (v128.xor (v128.load $heap offset=32 (local.get $at)) (v128.load $image offset=32 (local.get $from)))
                  (v128.xor (v128.load $heap offset=48 (local.get $at)) (v128.load $image offset=48 (local.get $from)))))))
          (local.set $from (i32.add (local.get $from) (i32.const 64)))
          (local.set $at (i32.add (local.get $at) (i32.const 64)))
          (br_if $line (i32.lt_u (local.get $at) (local.get $stop))))
        (if (v128.any_true (local.get $difference))
          (then
            (memory.copy $heap $image
              (i32.sub (local.get $at) (i32.const 4096))
              (i32.sub (local.get $from) (i32.const 4096))
              (i32.const 4096))
            (local.set $written (i32.add (local.get $written) (i32.const 1)))))
        (br $page)))
    (local.get $written))

  ;; Makes heap[$at, $end) zero. Returns the number of pages that were written.
  (func (export "clear") (param $at i32) (param $end i32) (result i32)
    (local $stop i32) (local $content v128) (local $written i32)
    (block $done
      (loop $page
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $stop (i32.add (local.get $at) (i32.const 4096)))
        (local.set $content (v128.const i64x2 0 0))
        (loop $line
          (local.set $content
            (v128.or
              (local.get $content)
              (v128.or
                (v128.or (v128.load $heap (local.get $at)) (v128.load $heap offset=16 (local.get $at)))
                (v128.or (v128.load $heap offset=32 (local.get $at)) (v128.load $heap offset=48 (local.get $at))))))
          (local.set $at (i32.add (local.get $at) (i32.const 64)))
          (br_if $line (i32.lt_u (local.get $at) (local.get $stop))))
        (if (v128.any_true (local.get $content))
          (then
            (memory.fill $heap (i32.sub (local.get $at) (i32.const 4096)) (i32.const 0) (i32.const 4096))
            (local.set $written (i32.add (local.get $written) (i32.const 1)))))
        (br $page)))
    (local.get $written))
)
