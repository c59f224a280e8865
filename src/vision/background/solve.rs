//! Four linear equations with a symmetric, positive matrix.

/// Rows of a symmetric matrix; only the lower left half is read.
pub(super) type Matrix = [[f64; 4]; 4];

/// Below this part of the largest pivot a direction counts as open.
const OPEN: f64 = 1e-6;

/// The x of `matrix` · x = `side`, by Cholesky's factors; `None` when a direction is left open.
pub(super) fn solve(matrix: &Matrix, side: &[f64; 4]) -> Option<[f64; 4]> {
    let lower = factor(matrix)?;
    let mut x = *side;
    for row in 0..4 {
        for column in 0..row {
            x[row] -= lower[row][column] * x[column];
        }
        x[row] /= lower[row][row];
    }
    for row in (0..4).rev() {
        for column in row + 1..4 {
            x[row] -= lower[column][row] * x[column];
        }
        x[row] /= lower[row][row];
    }
    Some(x)
}

/// The inverse of `matrix`.
pub(super) fn inverse(matrix: &Matrix) -> Option<Matrix> {
    let mut inverse = Matrix::default();
    for (i, row) in inverse.iter_mut().enumerate() {
        let mut unit = [0.0; 4];
        unit[i] = 1.0;
        *row = solve(matrix, &unit)?;
    }
    Some(inverse)
}

/// The lower left factor whose product with its mirror image is `matrix`.
fn factor(matrix: &Matrix) -> Option<Matrix> {
    let largest = (0..4).fold(0.0_f64, |largest, i| largest.max(matrix[i][i]));
    let mut lower = Matrix::default();
    for row in 0..4 {
        for column in 0..=row {
            let before = lower[row].iter().zip(&lower[column]).take(column);
            let rest = matrix[row][column] - before.map(|(a, b)| a * b).sum::<f64>();
            lower[row][column] = if row == column {
                if rest.is_nan() || rest <= OPEN * largest {
                    return None;
                }
                rest.sqrt()
            } else {
                rest / lower[column][column]
            };
        }
    }
    Some(lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: Matrix = [
        [4.0, 0.0, 0.0, 0.0],
        [1.0, 3.0, 0.0, 0.0],
        [0.5, 0.2, 2.0, 0.0],
        [0.1, 0.3, 0.4, 1.0],
    ];

    #[test]
    fn what_is_solved_fits() {
        let side = [1.0, -2.0, 3.0, 0.5];
        let x = solve(&SOME, &side).unwrap();
        for row in 0..4 {
            let sum: f64 = (0..4)
                .map(|column| SOME[row.max(column)][row.min(column)] * x[column])
                .sum();
            assert!((sum - side[row]).abs() < 1e-12, "{sum}");
        }
    }

    #[test]
    fn an_open_direction_is_no_solution() {
        let mut open = SOME;
        open[3] = open[2];
        open[3][3] = open[2][2];
        open[3][2] = open[2][2];
        assert_eq!(solve(&open, &[1.0; 4]), None);
        assert_eq!(solve(&Matrix::default(), &[0.0; 4]), None);
    }
}
